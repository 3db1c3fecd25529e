// The rich editor over a text area that holds Markdown.  The text area stays the field that is sent.
//
// A text the editor could not give back as it was is left as Markdown, and the reason is said: nothing in it may be lost.
import {
  Blockquote, Bold, BulletList, Code, CodeBlock, Document, Dropcursor, Editor, Gapcursor, HardBreak, Heading, History,
  HorizontalRule, Italic, Link, ListItem, Node, OrderedList, Paragraph, Strike, Table, TableCell, TableHeader, TableRow, Text,
} from "./prose_editor.js";
import { glyph } from "./dom.js";
import { toMarkdown } from "./markdown.js";

const Chip = Node.create({
  name: "chip",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({
    ref: { parseHTML: (element) => element.dataset.chip, renderHTML: ({ ref }) => ({ "data-chip": ref }) },
    label: { parseHTML: (element) => element.textContent, renderHTML: () => ({}) },
  }),
  parseHTML: () => [{ tag: "span[data-chip]" }],
  renderHTML: ({ node, HTMLAttributes }) => ["span", { class: "jchip", ...HTMLAttributes }, node.attrs.label],
});

const EXTENSIONS = [
  Document, Paragraph, Text, Heading.configure({ levels: [1, 2, 3, 4, 5, 6] }), Bold, Italic, Strike, Code, CodeBlock, Blockquote,
  Link.configure({ openOnClick: false }), BulletList, OrderedList, ListItem, HardBreak, HorizontalRule, History,
  Table, TableRow, TableHeader, TableCell, Dropcursor, Gapcursor, Chip,
];

const TOOLS = [
  ["bold", "Bold", "bold", (chain) => chain.toggleBold()],
  ["italic", "Italic", "italic", (chain) => chain.toggleItalic()],
  ["strike", "Strike through", "strikethrough", (chain) => chain.toggleStrike()],
  ["code", "Code", "code", (chain) => chain.toggleCode()],
  ["heading", "Heading", "heading", (chain) => chain.toggleHeading({ level: 3 })],
  ["bulletList", "Bulleted list", "list", (chain) => chain.toggleBulletList()],
  ["orderedList", "Numbered list", "list-ordered", (chain) => chain.toggleOrderedList()],
  ["blockquote", "Quote", "text-quote", (chain) => chain.toggleBlockquote()],
  ["codeBlock", "Code block", "square-code", (chain) => chain.toggleCodeBlock()],
];

const KEPT_ATTRIBUTES = ["href", "title", "data-chip", "start", "class", "checked"];
const LOOSE = new Set(["LI", "TD", "TH"]);

// What an HTML text says, without the blanks and paragraphs that say nothing.
function outline(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const words = [];
  const visit = (node) => {
    if (node.nodeType === 3) { words.push(node.data); return; }
    const isSilent = node.tagName === "P" && LOOSE.has(node.parentNode?.tagName);
    const attributes = KEPT_ATTRIBUTES.filter((name) => node.hasAttribute?.(name)).map((name) => `${name}=${node.getAttribute(name)}`);
    if (!isSilent) words.push(` <${[node.tagName, ...attributes].join(" ")}> `);
    node.childNodes.forEach(visit);
    if (!isSilent) words.push(` </${node.tagName}> `);
  };
  holder.content.childNodes.forEach(visit);
  return words.join("").replace(/\s+/g, " ").trim();
}

async function rendered(markdown) {
  const answer = await fetch("/preview", {
    method: "POST",
    headers: { "X-CSRFToken": document.body.dataset.csrf },
    body: new URLSearchParams({ text: markdown }),
  });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return answer.text();
}

function toolbar(editor, label) {
  const bar = document.createElement("div");
  bar.className = "ed-bar";
  bar.role = "toolbar";
  bar.setAttribute("aria-label", `${label}: formatting`);
  const buttons = TOOLS.map(([, title, icon, run], at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn ghost sm icon";
    button.innerHTML = glyph(icon);
    button.title = title;
    button.setAttribute("aria-label", title);
    button.tabIndex = at ? -1 : 0;
    button.addEventListener("click", () => run(editor.chain().focus()).run());
    bar.append(button);
    return button;
  });
  bar.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  const show = () => TOOLS.forEach(([name], at) => buttons[at].setAttribute("aria-pressed", editor.isActive(name)));
  editor.on("transaction", show);
  show();
  return bar;
}

function leaveAsMarkdown(field) {
  const note = document.createElement("p");
  note.className = "hint";
  note.textContent = "This text holds formatting that only Markdown can say, so it is edited as Markdown.";
  field.after(note);
}

export async function mount(field) {
  const before = field.value;
  const html = before ? await rendered(before) : "";
  const label = field.getAttribute("aria-label") ?? field.labels?.[0]?.textContent.trim() ?? "Text";
  const host = document.createElement("div");
  const area = document.createElement("div");
  host.className = "ed";
  host.append(area);
  const editor = new Editor({
    element: area,
    content: html,
    extensions: EXTENSIONS,
    injectCSS: false,
    editorProps: { attributes: { class: "prose ed-area", role: "textbox", "aria-multiline": "true", "aria-label": label } },
    onUpdate: ({ editor: changed }) => {
      field.value = toMarkdown(changed.getJSON());
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  const again = before ? await rendered(toMarkdown(editor.getJSON())) : "";
  if (field.value !== before || outline(again) !== outline(html)) {
    editor.destroy();
    if (field.value === before) leaveAsMarkdown(field);
    return;
  }
  const hadFocus = document.activeElement === field;
  host.prepend(toolbar(editor, label));
  field.hidden = true;
  field.after(host);
  if (hadFocus || field.dataset.rich === "on" && field.hasAttribute("autofocus")) editor.commands.focus("end");
  field.form?.addEventListener("reset", () => editor.commands.clearContent());
}
