// A form that asks when something began means the clock and the zone of whoever fills it in.
import { all, one } from "./dom.js";

const two = (number) => String(number).padStart(2, "0");

function begin(form) {
  form.removeAttribute("data-here");
  const now = new Date();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  form.elements.zone.value = zone;
  one("[data-zone-name]", form).textContent = `${zone} time`;
  form.elements.day.value = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  form.elements.clock.value = `${two(now.getHours())}:${two(now.getMinutes() - (now.getMinutes() % 5))}`;
}

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  for (const form of all("form[data-here]", detail.target.parentElement ?? document)) begin(form);
});
