// The few words every other module speaks.  No behaviour here.
export const one = (selector, root = document) => root.querySelector(selector);
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];

export const isTyping = (element) =>
  Boolean(element?.closest?.("input:not([type=checkbox],[type=radio],[type=submit]), textarea, select, [contenteditable=true]"));

export const glyph = (name) =>
  `<svg class="i" aria-hidden="true"><use href="${document.body.dataset.sprite}#${name}"></use></svg>`;

export const on = (type, selector, react) =>
  document.addEventListener(type, (event) => {
    const element = event.target.closest?.(selector);
    if (element) react(element, event);
  });
