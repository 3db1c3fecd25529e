// Places popovers by hand where the browser knows no CSS anchors.
import { one } from "./dom.js";

const EDGE = 8;

function place(popover, opener) {
  const at = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const fitsBelow = at.bottom + height + EDGE <= innerHeight || at.top <= height;
  popover.style.left = `${Math.max(EDGE, Math.min(at.right - width, innerWidth - width - EDGE))}px`;
  popover.style.top = `${fitsBelow ? at.bottom : at.top - height - EDGE}px`;
}

if (!CSS.supports("position-area: block-end")) {
  document.addEventListener("toggle", ({ target: popover, newState }) => {
    if (newState !== "open" || !popover.matches?.(".pop")) return;
    const opener = one(`[popovertarget="${popover.id}"]:is(:focus, :hover)`) ?? one(`[popovertarget="${popover.id}"]`);
    if (!opener) return;
    place(popover, opener);
    new ResizeObserver((_, observer) => {
      if (popover.matches(":popover-open")) place(popover, opener);
      else observer.disconnect();
    }).observe(popover);
  }, true);
}
