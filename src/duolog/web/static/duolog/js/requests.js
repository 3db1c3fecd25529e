// What holds for every htmx request.  Knows no page.
import { signedOut } from "./signed_out.js";
import { toast } from "./toasts.js";

// What came of it is told by the events of htmx: a lost answer is none the more for a rejected promise.
export const post = (path, how) => htmx.ajax("POST", path, how).catch(() => {});

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf;
});

// 422 is the form with its errors, 409 the comparison with what somebody else wrote: both are shown in place.
// A refusal that is only a sentence carries it in a header, and becomes a toast.
const reason = (xhr) => decodeURIComponent(xhr.getResponseHeader("X-Reason") ?? "");

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if ([409, 422].includes(detail.xhr.status) && !reason(detail.xhr)) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

// A field that saves itself goes back to what it was when the server refuses.
function restore(field) {
  if (field.tagName === "SELECT") for (const option of field.options) option.selected = option.defaultSelected;
  else if (field.type === "checkbox") field.checked = !field.checked;
  else if (field.tagName === "INPUT") field.value = field.defaultValue;
}

const UNKNOWN = "Whether your change was saved is not known: look, and try again.";

document.addEventListener("htmx:responseError", ({ detail }) => {
  const { status } = detail.xhr;
  if (status === 401) { signedOut(detail.requestConfig.verb !== "get"); return; }
  restore(detail.elt);
  const words = reason(detail.xhr) || `The server answered ${status}. ${status < 500 ? "Nothing was changed; try again." : UNKNOWN}`;
  toast({ text: words, kind: "bad" });
});

document.addEventListener("htmx:sendError", ({ detail }) => {
  restore(detail.elt);
  toast({ text: `No connection to the server. ${UNKNOWN}`, kind: "bad" });
});
