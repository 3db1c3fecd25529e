// Choosing sides in the Sync inbox: all at once by a button, or by the keys 1, 2 and Enter.
import { all, isTyping, on, one } from "./dom.js";

const form = () => one("#settle");

function tellChosen() {
  const said = one("#chosen");
  if (!said || !form()) return;
  const fields = all(".cr", form());
  said.textContent = `${fields.filter((field) => one(":checked", field)).length} of ${fields.length} chosen`;
}

function choose(side, within) {
  for (const radio of all(`input[value="${side}"]`, within)) radio.checked = true;
  form().dataset.dirty = "";
  tellChosen();
}

on("click", "[data-all]", (button) => choose(button.dataset.all, form()));
on("change", "#settle input", tellChosen);

const SIDES = { 1: "here", 2: "jira" };

document.addEventListener("keydown", (event) => {
  if (!form() || event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
  if (one("dialog[open]") || document.body.dataset.keys === "off") return;
  if (SIDES[event.key]) {
    choose(SIDES[event.key], document.activeElement.closest(".cr") ?? form());
  } else if (event.key === "Enter" && !document.activeElement.closest("a, button, input, summary")) {
    form().requestSubmit();
  }
});
