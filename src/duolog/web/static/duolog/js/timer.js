// For whoever has time of their own: the picker of issues, and the timer, which counts by the clock of this device.
// What is logged is measured by the server.
import { all } from "./dom.js";
import "./picker.js";

const two = (number) => String(number).padStart(2, "0");

function tick() {
  for (const shown of all("[data-running]")) {
    const seconds = Math.max(0, Math.floor(Date.now() / 1000) - Number(shown.dataset.running));
    shown.textContent = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  }
}

tick();
setInterval(tick, 1000);
