// The board by pointer.  The card's menu does the same without one.
import { all, one } from "./dom.js";
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

document.addEventListener("drop", async (event) => {
  const column = event.target.closest?.(".col");
  if (!column || !dragged) return;
  event.preventDefault();
  const card = dragged;
  const home = card.parentElement;
  const next = card.nextElementSibling;
  const before = follower(column, event.clientY);
  const cards = one(".cards", column);
  cards.insertBefore(card, before);
  const body = new URLSearchParams({ status: column.dataset.status });
  if (card.nextElementSibling) body.set("before", card.nextElementSibling.dataset.item);
  const answer = await fetch(card.dataset.move, { method: "POST", body, headers: { "X-CSRFToken": document.body.dataset.csrf } }).catch(() => null);
  if (answer?.ok) return;
  home.insertBefore(card, next);
  toast({ text: `${card.dataset.key} was not moved. ${answer ? decodeURIComponent(answer.headers.get("X-Reason") ?? "") : "There is no connection to the server."}`, kind: "bad" });
});
