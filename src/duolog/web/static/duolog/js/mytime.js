// My time: the grid that is typed into, and the axis of a day.  On demand: only its pages load it.
import { isLost } from "./acts.js";
import "./axis.js";
import { all, on, one } from "./dom.js";
import { post } from "./requests.js";

const grid = () => one("#time-rows");
const here = () => one("#time-body")?.dataset.here ?? "";
const address = (path) => `${location.pathname.replace(/\/time.*$/, "/time")}/${path}?${here()}`;
const cells = () => all(".cell", grid());
const inColumn = (cell) => all(`.cell[data-day="${cell.dataset.day}"]`, grid());

// Where the focus goes from a cell: by rows and columns, never off the grid.
function neighbour(cell, across, down) {
  if (across) { const each = cells(); return each[each.indexOf(cell) + across]; }
  const column = inColumn(cell);
  return column[column.indexOf(cell) + down];
}

const UNKNOWN = "No answer came. Press Enter to try again: it is logged once.";
const REFUSED = "Not saved. Press Enter to try again.";

function complain(form, input, words) {
  const said = document.createElement("p");
  said.className = "err";
  said.id = "cell-error";
  said.setAttribute("role", "alert");
  said.textContent = words;
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", said.id);
  form.append(said);
}

function edit(cell, typed, why = "") {
  const form = document.createElement("div");
  form.className = "cellform";
  form.dataset.editing = "";
  const input = document.createElement("input");
  input.className = "input";
  input.dataset.cell = "";
  input.autocomplete = "off";
  input.value = typed ?? cell.dataset.value ?? "";
  input.setAttribute("aria-label", cell.getAttribute("aria-label"));
  form.append(input);
  if (why) complain(form, input, why);
  cell.hidden = true;
  cell.before(form);
  if (why && one("[data-cell]:focus")) return; // somebody types on elsewhere already
  input.focus();
  if (typed === undefined) input.select();
}

const cellOf = (input) => one(".cell", input.closest("td"));

function leave(input) {
  const cell = cellOf(input);
  input.dataset.left = ""; // taking it away makes it lose the focus, which is no leaving of its own
  input.closest(".cellform").remove();
  cell.hidden = false;
  return cell;
}

function save(cell, typed) {
  cell.classList.add("saving");
  const { issue, day, worklog = "", value: seen = "", many = worklog ? 1 : 0 } = cell.dataset;
  return post(address("cell"), { source: cell, swap: "none", values: { issue, day, worklog, seen, many, time_spent: typed } });
}

// Saves what was typed, if anything is another; answers the cell, which is shown again.
function finish(input) {
  const typed = input.value.trim();
  const cell = leave(input);
  if (typed !== (cell.dataset.value ?? "")) save(cell, typed);
  return cell;
}

// Nothing that was typed is lost with an answer; what 422 refuses comes back as the cell itself.
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.elt.matches?.(".cell") || detail.successful || detail.xhr.status === 422) return;
  const cell = document.getElementById(detail.elt.id);
  cell?.classList.remove("saving");
  const typed = detail.requestConfig.parameters.time_spent;
  if (cell && !cell.hidden && typed) edit(cell, typed, isLost(detail) ? UNKNOWN : REFUSED);
});

function openDay(cell) {
  const link = one(`thead th:nth-child(${cell.closest("td").cellIndex + 1}) a`, cell.closest("table"));
  if (link) location.href = link.href;
}

on("click", "#time-rows .cell", (cell) => (cell.dataset.many === undefined ? edit(cell) : openDay(cell)));

on("keydown", "#time-rows .cell", (cell, event) => {
  if (event.metaKey || event.ctrlKey || event.altKey) return;
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (step) {
    event.preventDefault();
    neighbour(cell, ...step)?.focus();
  } else if (/^[\d.,]$/.test(event.key) && cell.dataset.many === undefined) {
    event.preventDefault();
    event.stopPropagation();
    edit(cell, event.key);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    if (cell.dataset.worklog) save(cell, "");
    else if (cell.dataset.many !== undefined) openDay(cell);
  }
});

on("keydown", "[data-cell]", (input, event) => {
  event.stopPropagation();
  if (event.key === "Escape") { event.preventDefault(); leave(input).focus(); }
  if (event.key !== "Enter" && event.key !== "Tab") return;
  event.preventDefault();
  const cell = finish(input);
  const next = event.key === "Tab" ? neighbour(cell, event.shiftKey ? -1 : 1, 0) : neighbour(cell, 0, event.shiftKey ? -1 : 1);
  (next ?? cell).focus();
});

// Leaving a cell by the pointer saves too; what was refused stays to be mended.
document.addEventListener("focusout", ({ target, relatedTarget }) => {
  if (!target.matches?.("[data-cell]") || target.dataset.left !== undefined || target.ariaInvalid === "true") return;
  if (relatedTarget?.closest?.(".cellform") !== target.closest(".cellform")) finish(target);
});

// A refusal comes back as the cell with what was typed: the focus goes there.
document.addEventListener("htmx:afterSettle", () => {
  const refused = one("[data-cell][aria-invalid=true]");
  if (refused && document.activeElement !== refused && !one("[data-cell]:focus")) refused.focus();
});

function showRows() {
  for (const empty of all(".ts > .empty")) empty.remove();
}

async function addRow(issue) {
  const id = `#row-${issue}`;
  if (!one(id)) {
    await post(address("row"), { target: "#time-rows", swap: "beforeend", values: { issue } });
    if (one(id)) one(id).dataset.added = "";
    showRows();
  }
  (one(`${id} td.today .cell`) ?? one(`${id} .cell`))?.focus();
}

// A row that was added and has no time yet is known to this page alone: it outlives what redraws the days.
let added = [], focused = null;
document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
  if (detail.target.id !== "time-body") return;
  added = all("#time-rows > [data-added]");
  focused = document.activeElement;
});
document.addEventListener("htmx:oobAfterSwap", ({ detail }) => {
  if (detail.target.id !== "time-body" || !grid()) return;
  for (const row of added.splice(0)) {
    if (one(`#${row.id}`)) continue;
    grid().append(row);
    showRows();
    if (row.contains(focused)) focused.focus();
  }
});

document.addEventListener("picked", ({ detail }) => addRow(detail));

// Single keys of these pages: the days before and after, and today.
document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || one("dialog[open]") || document.body.dataset.keys === "off") return;
  if (event.target.closest("input, textarea, select, .axis, .cell")) return;
  const link = { "[": "[data-key-prev]", "]": "[data-key-next]", ".": "[data-key-today]" }[event.key];
  if (link) { event.preventDefault(); one(link)?.click(); }
});

document.body.addEventListener("time-moved", () => { if (one("#time-poll")) htmx.trigger("#time-poll", "refresh-now"); });
