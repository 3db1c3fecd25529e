// A page whose session ended keeps what was typed, and goes on once its person signed in again elsewhere.
import { one } from "./dom.js";
import { toast } from "./toasts.js";

let isOut = false;

const isWritten = () => Boolean(one("form[data-dirty], [data-editing]"));

// `isKept` where what was typed is about to be shown again, by whoever sent it.
export function signedOut(isKept = false) {
  if (!isKept && !isWritten()) { location.reload(); return; }
  if (isOut && (!isKept || one("#toasts [data-stays]"))) return;
  isOut = true;
  toast({ text: "You are signed out. What you typed stays here: sign in in another tab, then send it again.", kind: "bad", href: location.href, link: "Sign in", stays: true });
}

// Signing in gives forms another token than the one this page came with.
export async function signedIn() {
  if (!isOut) return;
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return;
  const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (body.dataset.person !== document.body.dataset.person) { location.reload(); return; }
  document.body.dataset.csrf = body.dataset.csrf;
  isOut = false;
  for (const said of document.querySelectorAll("#toasts [data-stays]")) said.remove();
  toast({ text: "You are signed in again: send what you typed once more." });
}
