// The board by pointer.  The card's menu does the same without one.
import { all, on, one } from "./dom.js";
import { toast } from "./toasts.js";

let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".kcard[draggable=true]") ?? null;
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
  dragged.dataset.editing = "drag";
});

document.addEventListener("dragend", () => {
  if (dragged) delete dragged.dataset.editing;
  dragged = null;
  for (const column of all(".col.over")) column.classList.remove("over");
});

document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".col");
  for (const column of all(".col.over")) if (column !== over) column.classList.remove("over");
  if (!over || !dragged) return;
  event.preventDefault();
  over.classList.add("over");
});

// The card that follows the place where the pointer is, or null at the end of the column.
function follower(column, y) {
  return all(".kcard", column).find((card) => {
    const box = card.getBoundingClientRect();
    return card !== dragged && y < box.top + box.height / 2;
  }) ?? null;
}

async function move(card, column, before) {
  const home = card.parentElement;
  const next = card.nextElementSibling;
  one(".cards", column).insertBefore(card, before);
  count();
  const body = new URLSearchParams({ status: column.dataset.status });
  if (before) body.set("before", before.dataset.item);
  const headers = { "X-CSRFToken": document.body.dataset.csrf };
  const answer = await fetch(card.dataset.move, { method: "POST", body, headers }).catch(() => null);
  if (answer?.ok) return;
  home.insertBefore(card, next);
  count();
  const reason = answer ? decodeURIComponent(answer.headers.get("X-Reason") ?? "") : "There is no connection to the server.";
  toast({ text: `${card.dataset.key} was not moved. ${reason}`, kind: "bad" });
}

function count() {
  for (const column of all(".col")) one(".n", column).textContent = all(".kcard", column).length;
}

document.addEventListener("drop", (event) => {
  const column = event.target.closest?.(".col");
  if (!column || !dragged) return;
  event.preventDefault();
  move(dragged, column, follower(column, event.clientY));
});

let chosen = null;
on("click", "[data-card]", (button) => { chosen = document.getElementById(button.dataset.card); });
on("click", "[data-move-to]", (button) => {
  const column = one(`.col[data-status="${button.dataset.moveTo}"]`);
  if (chosen && column) move(chosen, column, null);
  one("[data-card]", chosen)?.focus();
});
