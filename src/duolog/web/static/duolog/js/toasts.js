// Short words at the corner, sent by the server in HX-Trigger or by another module.
import { glyph, one } from "./dom.js";

export function toast({ text, kind = "ok", undo = null, href = null, link = "Open", stays = false }) {
  const box = document.createElement("div");
  box.className = `toast ${kind}`;
  box.innerHTML = `${glyph(kind === "bad" ? "circle-alert" : "circle-check")}<span></span>`;
  one("span", box).textContent = text;

  const leave = (after) => (stays ? 0 : setTimeout(() => box.remove(), after));
  let timer = leave(undo ? 8000 : 5000);
  const stay = () => clearTimeout(timer);
  const leaveSoon = () => { timer = leave(4000); };
  box.addEventListener("pointerenter", stay);
  box.addEventListener("focusin", stay);
  box.addEventListener("pointerleave", leaveSoon);
  box.addEventListener("focusout", leaveSoon);

  if (undo) box.append(button("Undo", () => { box.remove(); htmx.ajax("POST", undo, { swap: "none" }); }));
  if (href) box.append(anchor(link, href, stays));
  if (stays) { box.dataset.stays = ""; box.setAttribute("role", "alert"); }
  const dismiss = button("", () => box.remove());
  dismiss.setAttribute("aria-label", "Dismiss");
  dismiss.innerHTML = glyph("x");
  box.append(dismiss);
  one("#toasts").append(box);
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function anchor(words, href, isElsewhere) {
  const made = document.createElement("a");
  made.textContent = words;
  made.href = href;
  if (isElsewhere) made.target = "_blank";
  return made;
}

document.body.addEventListener("toast", (event) => toast(event.detail));

// A toast that outlives the page it was made on: Django's messages, drawn as hidden notes.
for (const note of document.querySelectorAll("#said [data-toast]")) toast({ text: note.textContent, ...note.dataset });
