// The day on its axis: worklogs are placed by their minutes, dragged to another start, pulled to another length.
// The keyboard does the same: Alt with the arrows moves, Alt and Shift changes the length.
import { all, on, one } from "./dom.js";
import { post } from "./requests.js";

const STEP = 5;
const DAY = 24 * 60;
const two = (number) => String(number).padStart(2, "0");
const clock = (minutes) => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
const spell = (minutes) => [minutes >= 60 && `${Math.floor(minutes / 60)}h`, (minutes % 60 || minutes < 60) && `${minutes % 60}m`].filter(Boolean).join(" ");

const perMinute = (axis) => one(".blocks", axis).offsetHeight / DAY;

function put(block, axis) {
  const { begins, minutes, lane = 0, lanes = 1 } = block.dataset;
  const unit = perMinute(axis);
  Object.assign(block.style, {
    top: `${begins * unit}px`,
    height: `${Math.max(minutes * unit, 18)}px`,
    left: `${(100 * lane) / lanes}%`,
    width: `calc(${100 / lanes}% - ${lanes > 1 ? 3 : 0}px)`,
  });
}

function place(axis) {
  for (const block of all(".blocks > li", axis)) put(block, axis);
  if (axis.dataset.placed === undefined) axis.scrollTop = perMinute(axis) * 60 * axis.dataset.opens - 12;
  axis.dataset.placed = "";
  for (const block of all(".block", axis)) block.tabIndex = 0;
}

let scrolled = 0;
const placeAll = () => {
  for (const axis of all("[data-axis]")) {
    if (axis.dataset.placed !== undefined) continue;
    place(axis);
    if (scrolled) axis.scrollTop = scrolled;
  }
};
document.addEventListener("scroll", ({ target }) => { if (target.matches?.("[data-axis]") && target.dataset.placed !== undefined) scrolled = target.scrollTop; }, true);

function tell(block) {
  const begins = Number(block.dataset.begins), minutes = Number(block.dataset.minutes);
  one("[data-clock]", block).textContent = `${clock(begins)} to ${clock(begins + minutes)}`;
  one("[data-lasts]", block).textContent = spell(minutes);
}

function change(block, begins, minutes) {
  const axis = block.closest("[data-axis]");
  block.dataset.begins = Math.max(0, Math.min(begins, DAY - STEP));
  block.dataset.minutes = Math.max(STEP, Math.min(minutes, DAY - block.dataset.begins));
  put(block, axis);
  tell(block);
}

// Only what was changed is sent, so that a drag to another start leaves the seconds as they are; and
// what it was drawn as, so that nothing is overwritten that changed meanwhile.
function send(block, was) {
  const { begins, minutes, shift } = block.dataset;
  const values = {};
  if (begins !== was.begins) values.begins = begins;
  if (minutes !== was.minutes) values.minutes = minutes;
  if (!Object.keys(values).length) return;
  drawn.set(block, was);
  const seen = { seen_day: block.closest("[data-axis]").dataset.day, seen_begins: was.begins, seen_minutes: was.minutes };
  post(shift, { source: block, swap: "none", values: { ...values, ...seen } });
}

// What was not saved is not shown as if it were.
const drawn = new WeakMap();
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const was = drawn.get(detail.elt);
  if (was && !detail.successful) change(detail.elt, Number(was.begins), Number(was.minutes));
});

let held = null;
on("pointerdown", ".axis .block", (block, event) => {
  if (event.button !== 0 || event.target.closest("a, button")) return;
  const pulls = event.target.matches("[data-grip]");
  if (event.pointerType === "touch" && !pulls) return;
  held = { block, pulls, from: event.clientY, was: { begins: block.dataset.begins, minutes: block.dataset.minutes } };
  block.setPointerCapture(event.pointerId);
  block.dataset.editing = "drag";
  block.classList.add("dragged");
});

// A link or words below the edge that is pulled are not dragged away instead.
document.addEventListener("dragstart", (event) => { if (held) event.preventDefault(); });

document.addEventListener("pointermove", (event) => {
  if (!held) return;
  const axis = held.block.closest("[data-axis]");
  const by = Math.round((event.clientY - held.from) / perMinute(axis) / STEP) * STEP;
  const begins = Number(held.was.begins), minutes = Number(held.was.minutes);
  if (held.pulls) change(held.block, begins, minutes + by);
  else if (by) change(held.block, Math.min(begins + by, DAY - minutes), minutes);
});

function drop(event) {
  if (!held) return;
  const { block, was } = held;
  held = null;
  delete block.dataset.editing;
  block.classList.remove("dragged");
  if (event.type === "pointercancel") change(block, Number(was.begins), Number(was.minutes));
  else send(block, was);
}
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);

on("keydown", ".axis .block", (block, event) => {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  event.preventDefault();
  const by = event.key === "ArrowDown" ? STEP : -STEP;
  const { begins, minutes } = block.dataset;
  change(block, Number(begins) + (event.shiftKey ? 0 : by), Number(minutes) + (event.shiftKey ? by : 0));
  send(block, { begins, minutes });
});

document.addEventListener("htmx:afterSwap", placeAll);
document.addEventListener("htmx:oobAfterSwap", placeAll);
window.addEventListener("resize", () => { for (const axis of all("[data-axis]")) place(axis); });
placeAll();
