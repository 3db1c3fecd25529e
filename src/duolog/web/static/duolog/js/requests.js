// What holds for every htmx request.  Knows no page.
import { toast } from "./toasts.js";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf;
});

// 422 is the form with its errors, 409 the comparison with what somebody else wrote: both are shown in place.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 422 || detail.xhr.status === 409) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

document.addEventListener("htmx:responseError", ({ detail }) => {
  const said = detail.xhr.getResponseHeader("X-Reason");
  toast({ text: said ? decodeURIComponent(said) : `The server answered ${detail.xhr.status}. Nothing was changed; try again.`, kind: "bad" });
});

document.addEventListener("htmx:sendError", () => {
  toast({ text: "No connection to the server. Your change was not saved.", kind: "bad" });
});

// A field that saves itself goes back to what it was when the server refuses.
document.addEventListener("htmx:responseError", ({ detail }) => detail.elt.closest("form[data-optimistic]")?.reset());
