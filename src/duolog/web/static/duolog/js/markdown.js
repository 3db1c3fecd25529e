// The editor's document as Markdown.  Knows the shape of the document, and nothing of pages.

const FENCE = "```";

// Characters that would mean something are escaped; an underscore inside a word means nothing.
const escapeText = (text) =>
  text
    .replace(/[\\`*[\]<~]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/&(?=#?\w+;)/g, "\\&");

const escapeLineStart = (line) =>
  line
    .replace(/^(\s*)(#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[-=]+\s*$)/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2");

const WRAPPED = { bold: "**", italic: "*", strike: "~~" };
const ORDER = ["link", "bold", "italic", "strike", "code"];
const sameMark = (one, other) => one.type === other.type && one.attrs?.href === other.attrs?.href;

function codeSpan(text) {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const ticks = "`".repeat(longest + 1);
  const room = /^`|`$|^ .* $/.test(text) ? " " : "";
  return `${ticks}${room}${text}${room}${ticks}`;
}

const opening = (mark) => (mark.type === "link" ? "[" : WRAPPED[mark.type]);

function closing(mark) {
  if (mark.type !== "link") return WRAPPED[mark.type];
  const href = /[\s()<>]/.test(mark.attrs.href) ? `<${mark.attrs.href.replace(/[<>]/g, encodeURIComponent)}>` : mark.attrs.href;
  return `](${href})`;
}

function leaf(node) {
  if (node.type === "hardBreak") return "\\\n";
  if (node.type === "chip") return `[${escapeText(node.attrs.label)}](${node.attrs.ref})`;
  const isCode = node.marks?.some((mark) => mark.type === "code");
  return isCode ? codeSpan(node.text) : escapeText(node.text);
}

const marksOf = (node) =>
  (node.marks ?? []).filter((mark) => mark.type !== "code").sort((one, other) => ORDER.indexOf(one.type) - ORDER.indexOf(other.type));

// Blanks at the edges of a mark are moved out of it: `** so **` would not be bold.
function inline(nodes = []) {
  let open = [];
  let out = "";
  let owed = "";
  const closeTo = (depth) => {
    while (open.length > depth) out += closing(open.pop());
  };
  for (const node of nodes) {
    const marks = marksOf(node);
    const shared = marks.findIndex((mark, at) => !open[at] || !sameMark(mark, open[at]));
    const keep = shared < 0 ? marks.length : shared;
    const [, before, core, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(leaf(node));
    if (!core || node.type === "hardBreak") { closeTo(keep); out += owed + leaf(node); owed = ""; continue; }
    closeTo(keep);
    out += owed + before;
    for (const mark of marks.slice(open.length)) { out += opening(mark); open = [...open, mark]; }
    out += core;
    owed = after;
  }
  closeTo(0);
  return out.replace(/(\\\n)+$/, "").trim();
}

const paragraph = (node) => inline(node.content).split("\n").map(escapeLineStart).join("\n");
const indent = (text, by) => text.split("\n").map((line, at) => (at && line ? " ".repeat(by) + line : line)).join("\n");

function list(node, markerOf) {
  const items = node.content.map((item, at) => {
    const marker = markerOf(at);
    return marker + indent(item.content.map((child) => block(child)).join(isTight(item) ? "\n" : "\n\n"), marker.length);
  });
  return items.join(node.content.every(isTight) ? "\n" : "\n\n");
}

const isTight = ({ content }) =>
  content.filter((child) => child.type === "paragraph").length <= 1 && content.every((child) => /paragraph|List$/.test(child.type));

const cell = (node) => node.content.map((child) => inline(child.content)).join(" ").replace(/\\?\n/g, " ").replaceAll("|", "\\|");
const line = (cells) => `| ${cells.join(" | ")} |`;

function table(node) {
  const [head, ...rows] = node.content.map((row) => row.content.map(cell));
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function fenced(node) {
  const text = (node.content ?? []).map((child) => child.text).join("");
  const longest = Math.max(2, ...(text.match(/`{3,}/g) ?? []).map((run) => run.length));
  const fence = longest > 2 ? "`".repeat(longest + 1) : FENCE;
  return `${fence}${node.attrs?.language ?? ""}\n${text}\n${fence}`;
}

const BLOCKS = {
  paragraph,
  heading: (node) => `${"#".repeat(node.attrs.level)} ${inline(node.content).replaceAll("\\\n", " ")}`,
  bulletList: (node) => list(node, () => "- "),
  orderedList: (node) => list(node, (at) => `${(node.attrs?.start ?? 1) + at}. `),
  blockquote: (node) => node.content.map(block).join("\n\n").split("\n").map((row) => (row ? `> ${row}` : ">")).join("\n"),
  codeBlock: fenced,
  horizontalRule: () => "---",
  table,
};

function block(node) {
  return BLOCKS[node.type](node);
}

// Two lists in a row would run together, so the second takes the other marker.
function joined(nodes) {
  return nodes.reduce((text, node, at) => {
    const again = at && node.type === nodes[at - 1].type && /List$/.test(node.type);
    const made = again ? list(node, (n) => (node.type === "bulletList" ? "* " : `${(node.attrs?.start ?? 1) + n}) `)) : block(node);
    return at ? `${text}\n\n${made}` : made;
  }, "");
}

export const toMarkdown = (document) => joined((document.content ?? []).filter((node) => node.type !== "paragraph" || node.content));
