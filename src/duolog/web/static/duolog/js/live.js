// Keeps an open page true: asks once a second what changed and fetches only the parts that did.
//
//   <body data-changes="/w/x/changes" data-since="12">
//   <div data-live="team:3 item:7" data-live-src="/w/x/…">     the answer's top elements replace those with their ids
//
// A part somebody is writing in, or that awaits an answer, is left alone and fetched again when that is done.
import { all, isTyping, one } from "./dom.js";
import { signedIn, signedOut } from "./signed_out.js";

const EVERY_MS = 1000;
const GIVE_UP_MS = 30_000;
const { body } = document;
const waiting = new Set();
let pause = EVERY_MS;

const isBusy = (part) =>
  (part.contains(document.activeElement) && isTyping(document.activeElement)) ||
  part.matches("[data-editing]") ||
  Boolean(one("[data-editing], dialog[open], :popover-open, form[data-dirty], .htmx-request", part));

const concerns = (place, topics) => topics.includes("*") || place.dataset.live.split(" ").some((topic) => topics.includes(topic));

function keepSelection(part) {
  const checked = all("input[type=checkbox][id]:checked", part).map((box) => box.id);
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  return () => {
    for (const id of checked) { const box = document.getElementById(id); if (box) box.checked = true; }
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };
}

function replace(fresh) {
  const old = document.getElementById(fresh.id);
  if (!old || old.isEqualNode(fresh)) return true;
  if (isBusy(old)) return false;
  const restore = keepSelection(old);
  old.replaceWith(fresh);
  htmx.process(fresh);
  restore();
  return true;
}

async function refresh(place) {
  const answer = await fetch(place.dataset.liveSrc || location.href, { headers: { "HX-Request": "true", "X-Live": "1" } });
  if (answer.status === 404 || answer.status === 410) { waiting.delete(place); return; }
  if (!answer.ok) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await answer.text();
  const done = [...fresh.content.children].map(replace);
  if (done.every(Boolean)) waiting.delete(place);
}

async function ask() {
  const answer = await fetch(`${body.dataset.changes}?since=${encodeURIComponent(body.dataset.since)}`);
  if (answer.redirected || answer.status === 401) { signedOut(); return; }
  await signedIn();
  if (answer.status !== 200) return;
  const { since, changed } = await answer.json();
  body.dataset.since = since;
  for (const place of all("[data-live]")) if (concerns(place, changed)) waiting.add(place);
}

async function tick() {
  try {
    if (!document.hidden) {
      await ask();
      await refreshWaiting();
    }
    pause = EVERY_MS;
  } catch {
    pause = Math.min(pause * 2, GIVE_UP_MS);
  }
  setTimeout(tick, pause);
}

// What htmx would put in place of a part somebody writes in waits too, unless they themselves sent it.
let sender = null;
document.addEventListener("htmx:beforeSwap", ({ detail }) => { sender = detail.requestConfig.elt; });
document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const part = event.detail.target;
  if (!isBusy(part) || part.contains(sender)) return;
  event.detail.shouldSwap = false;
  const place = part.closest("[data-live]");
  if (place) waiting.add(place);
});

async function refreshWaiting() {
  await Promise.all([...waiting].map((place) => (place.isConnected ? refresh(place) : waiting.delete(place))));
}

document.addEventListener("refresh", () => {
  for (const place of all("[data-live]")) waiting.add(place);
  refreshWaiting();
});

if (body.dataset.changes) {
  setTimeout(tick, EVERY_MS);
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form");
    if (form && target.value) form.dataset.dirty = "";
  });
  document.addEventListener("reset", ({ target }) => { delete target.dataset.dirty; });
  // What a field of a form searches for, such as an issue, says nothing of the words in the form.
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const isSent = detail.requestConfig.verb !== "get" || detail.elt.matches("form");
    if (detail.successful && isSent) delete detail.elt.closest("form")?.dataset.dirty;
  });
}
