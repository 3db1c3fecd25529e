// The keyboard: single keys act only while nothing is typed and no dialog is open.
import { all, isTyping, on, one } from "./dom.js";

const GO_WITHIN_MS = 900;
let wentAt = -Infinity;

const rows = () => all(".row .t, a.irow, .kcard .t");

function step(by) {
  const found = rows();
  const next = found[found.indexOf(document.activeElement) + by] ?? (by > 0 ? found[0] : found.at(-1));
  next?.focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => one("input[type=checkbox]", document.activeElement.closest(".row") ?? document.createElement("i"))?.click(),
  "/": () => one("[data-search]")?.focus(),
  "?": () => one("#keys").showModal(),
  c: () => one("[data-key-c]")?.click(),
  e: () => one("[data-key-e]")?.click(),
  g: () => { wentAt = performance.now(); },
};

document.addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!one("#palette").open) one("#palette").showModal();
    return;
  }
  if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return;
  if (one("dialog[open]") || document.body.dataset.keys === "off") return;
  if (performance.now() - wentAt < GO_WITHIN_MS) {
    wentAt = -Infinity;
    const place = one(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) { event.preventDefault(); location.href = place.href; return; }
  }
  if (Object.hasOwn(KEYS, event.key)) { event.preventDefault(); KEYS[event.key](); }
});

// ⌘Enter sends the form one is writing in; Escape leaves an inline edit.
on("keydown", "form", (form, event) => {
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) { event.preventDefault(); form.requestSubmit(); }
});
on("keydown", "[data-editing]", (editing, event) => {
  if (event.key === "Escape") { event.stopPropagation(); one("[data-leave]", editing)?.click(); }
});
