// The picker of issues: an input whose list opens below it.  In a form it fills the field of the issue.
import { takeEntered } from "./combobox.js";
import { all, on, one } from "./dom.js";

const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
const pickers = "#time-pick, [data-picker]";

function show(input, isOpen) {
  listOf(input).hidden = !isOpen;
  input.setAttribute("aria-expanded", isOpen);
}

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  const list = detail.target.closest?.(".listbox");
  const input = list && one(`[aria-controls=${list.id}]`);
  if (!input?.matches(pickers)) return;
  show(input, input === document.activeElement);
  const first = one("[role=option]", list);
  if (first && !one("[aria-selected=true]", list)) {
    first.ariaSelected = "true";
    input.setAttribute("aria-activedescendant", first.id);
  }
  takeEntered(input);
});

on("keydown", pickers, (input, event) => {
  if (event.key === "Escape" && !listOf(input).hidden) { event.preventDefault(); event.stopPropagation(); show(input, false); }
});

on("input", "[data-picker]", (input) => { one("[name=issue]", input.parentElement).value = ""; });

on("focusout", pickers, (input, { relatedTarget }) => {
  if (!relatedTarget?.closest?.(".listbox")) setTimeout(() => { if (input.isConnected && input !== document.activeElement) show(input, false); }, 180);
});

on("mousedown", "[role=option][data-pick]", (option, event) => event.preventDefault());
on("click", "[role=option][data-pick]", (option) => {
  const { pick, key, words } = option.dataset;
  const list = option.closest(".listbox");
  const input = one(`[aria-controls=${list.id}]`);
  show(input, false);
  if (input.id === "time-pick") { input.value = ""; input.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: pick })); return; }
  one("[name=issue]", input.parentElement).value = pick;
  input.value = `${key}  ${words}`;
  const form = input.closest("form");
  const next = all("input, textarea, button[type=submit]", form).find((field) => field.type !== "hidden" && field !== input && !field.value);
  next?.focus();
});
