// Small behaviours an element asks for by a data attribute.
import { all, glyph, on, one } from "./dom.js";

const YEAR = 31_536_000;
const remember = (name, value) => { document.cookie = `${name}=${value};path=/;max-age=${YEAR};samesite=lax`; };

on("click", "[data-copy]", async (button) => {
  const field = one(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value ?? field.textContent);
  } catch {
    field.select?.();
    return;
  }
  const before = button.innerHTML;
  button.innerHTML = `${glyph("check")}Copied`;
  setTimeout(() => { button.innerHTML = before; }, 1600);
});

on("click", "[data-reveal]", (button) => {
  const field = one(button.dataset.reveal);
  const isShown = field.type === "password";
  field.type = isShown ? "text" : "password";
  button.setAttribute("aria-pressed", isShown);
});

on("click", "[data-theme-set]", (button) => {
  document.documentElement.dataset.theme = button.dataset.themeSet;
  remember("theme", button.dataset.themeSet);
  for (const other of all("[data-theme-set][aria-pressed]")) {
    other.setAttribute("aria-pressed", other.dataset.themeSet === button.dataset.themeSet);
  }
});

on("change", "[data-keys-set]", (box) => {
  document.body.dataset.keys = box.checked ? "on" : "off";
  remember("keys", box.checked ? "on" : "off");
});

// Links inside a closed drawer or menu close it when they stay on the page.
on("click", "[data-open]", (button) => one(button.dataset.open).showModal());
on("click", "[data-close]", (button) => button.closest("dialog").close());
document.addEventListener("click", ({ target }) => { if (target.tagName === "DIALOG") target.close(); });
on("click", ".menu :is(a, button):not([popovertarget])", (choice) => choice.closest("[popover]")?.hidePopover());

// What a popover held for another button makes room at once, so that nobody acts on the wrong thing.
// It stays in the page, out of sight: htmx takes in an answer only where the button that asked still is.
const aside = document.createElement("div");
aside.hidden = true;
document.addEventListener("htmx:beforeRequest", ({ detail: { elt, target } }) => {
  if (!elt.matches("[popovertarget]")) return;
  document.body.append(aside);
  aside.replaceChildren(...target.childNodes);
});

// Shown after settling, not after the swap: only then are the attributes inside alive.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const { target } = detail;
  if (target.tagName === "DIALOG" && target.childElementCount && !target.open) target.showModal();
});
document.addEventListener("close-dialog", () => { for (const dialog of all("dialog[open]")) dialog.close(); });
on("close", "dialog[data-loaded]", (dialog) => dialog.replaceChildren());

on("change", ".row input[type=checkbox]", () => {
  const counted = one("#bulk-count");
  if (counted) counted.textContent = `${all(".row input:checked").length} selected`;
});
function clearSelection() {
  for (const box of all(".row input:checked")) box.checked = false;
  one("#bulk")?.reset();
}
on("click", "[data-clear-selection]", clearSelection);
document.addEventListener("selection-done", clearSelection);

// Of two answers the browser shows the second.
on("submit", "form[method=post]", (form) => {
  form.inert = true;
  setTimeout(() => { form.inert = false; }, 1600);
});
