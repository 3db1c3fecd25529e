// Every page loads this.
import "./requests.js";
import "./signed_out.js";
import "./toasts.js";
import "./controls.js";
import "./combobox.js";
import "./shortcuts.js";
import "./board.js";
import "./inbox.js";
import "./live.js";
import "./writing.js";
import "./files.js";
import "./here.js";
import "./anchors.js";

if (document.querySelector("[data-passkey], [data-passkeys]")) import("./passkeys.js");
