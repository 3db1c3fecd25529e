// A text area becomes a rich editor when somebody starts to write; until then nothing of it is fetched.
import { all, one } from "./dom.js";

async function enrich(field) {
  if (field.dataset.rich === "on") return;
  field.dataset.rich = "on";
  let mount;
  try {
    ({ mount } = await import("./editor.js"));
  } catch {
    return; // the plain text area goes on taking Markdown
  }
  if (field.isConnected) mount(field);
}

for (const type of ["focusin", "pointerenter"]) {
  document.addEventListener(type, ({ target }) => { if (target.matches?.("textarea[data-rich=later]")) enrich(target); }, true);
}

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  for (const field of all("textarea[data-rich=now]", detail.target.parentElement ?? document)) enrich(field);
  one("[data-focus]", detail.target)?.focus();
});

// Leaving a page with unsent words is asked about by the browser.
window.addEventListener("beforeunload", (event) => { if (one("form[data-dirty][data-guard]")) event.preventDefault(); });
