// An input that owns a listbox the server draws.
import { all, on, one } from "./dom.js";

const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));

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

on("keydown", "[role=combobox]", (input, event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    move(input, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    const chosen = one("[aria-selected=true]", listOf(input));
    if (chosen) { event.preventDefault(); chosen.click(); }
  }
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.getAttribute("role") !== "listbox") return;
  const input = one(`[aria-controls=${detail.target.id}]`);
  input.removeAttribute("aria-activedescendant");
  move(input, 1);
});

on("click", "[role=option][data-href]", (option) => { location.href = option.dataset.href; });
on("click", "[role=option][data-press]", (option) => {
  option.closest("dialog")?.close();
  one(option.dataset.press)?.click();
});

