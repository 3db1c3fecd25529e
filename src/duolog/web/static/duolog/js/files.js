// Files dropped on a part that takes them, and files too large to be sent at all.
//
//   <section data-drop="#field">          what is dropped here goes into that field
//   <form data-files><input type="file" data-most="26214400"></form>
import { all, on, one } from "./dom.js";
import { toast } from "./toasts.js";

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

on("dragover", "[data-drop]", (place, event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  place.dataset.over = "";
});

on("dragleave", "[data-drop]", (place, event) => {
  if (!place.contains(event.relatedTarget)) delete place.dataset.over;
});

on("drop", "[data-drop]", (place, event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  delete place.dataset.over;
  const field = one(place.dataset.drop);
  if (field.disabled) {
    toast({ text: "Wait until the files before these are sent.", kind: "bad" });
    return;
  }
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("htmx:confirm", (event) => {
  const form = event.target.closest?.("form[data-files]");
  if (!form) return;
  const field = one("input[type=file]", form);
  const most = Number(field.dataset.most);
  const large = [...field.files].find((file) => file.size > most);
  if (!field.files.length || large) event.preventDefault();
  if (!large) return;
  form.reset();
  toast({ text: `${large.name} is larger than ${Math.floor(most / 1048576)} MB. Nothing was sent.`, kind: "bad" });
});

// The same file can be chosen again, and nothing of it holds back what is new on the page.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  for (const form of all("form[data-files]")) if (form === detail.elt) form.reset();
});
