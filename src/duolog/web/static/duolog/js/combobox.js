// An input that owns a listbox the server draws.
import { all, on, one } from "./dom.js";

const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
const words = (input) => input.value.trim().toLowerCase();
const isDrawn = (input) => listOf(input).dataset.q === words(input);

function move(input, step) {
  const options = all("[role=option]", listOf(input));
  if (!options.length) { input.removeAttribute("aria-activedescendant"); return; }
  const from = options.findIndex((option) => option.ariaSelected === "true");
  for (const option of options) option.ariaSelected = "false";
  const chosen = options[(from + step + options.length) % options.length];
  chosen.ariaSelected = "true";
  input.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

// Enter that came before the list did takes the one option of that very key once all are there.
export function takeEntered(input) {
  if (input.dataset.entered !== words(input) || !isDrawn(input) || input !== document.activeElement) return;
  const named = all("[role=option]", listOf(input)).filter(({ dataset }) => dataset.key?.toLowerCase() === words(input));
  if (named.length !== 1 || one("[data-searching]", listOf(input))) return;
  delete input.dataset.entered;
  named[0].click();
}

// Enter is for what is listed for the words as they stand, never for what was listed before.
on("keydown", "[role=combobox]", (input, event) => {
  delete input.dataset.entered;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    if (isDrawn(input)) one("[aria-selected=true]", listOf(input))?.click();
    else input.dataset.entered = words(input);
  }
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.getAttribute("role") !== "listbox") return;
  const input = one(`[aria-controls=${detail.target.id}]`);
  detail.target.dataset.q = (detail.requestConfig.parameters.q ?? "").trim().toLowerCase();
  input.removeAttribute("aria-activedescendant");
  move(input, 1);
  takeEntered(input);
});

on("click", "[role=option][data-href]", (option) => { location.href = option.dataset.href; });
on("click", "[role=option][data-press]", (option) => {
  option.closest("dialog")?.close();
  one(option.dataset.press)?.click();
});

