// Passkeys: a form marked with data-passkey asks the browser for one, then sends what it answered.
import { all, on, one } from "./dom.js";

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.codePointAt(0));
const text = (buffer) =>
  btoa(String.fromCodePoint(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

// Browsers give passkeys to names only, and only over https or on this computer itself.
const isAddress = /^[\d.]+$|^\[/.test(location.hostname);
const isPossible = window.isSecureContext && "credentials" in navigator && "PublicKeyCredential" in window && !isAddress;

async function create(form, { publicKey }) {
  const signsInAlone = one("[name=passwordless]", form).checked;
  const credential = await navigator.credentials.create({ publicKey: {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    user: { ...publicKey.user, id: bytes(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
    authenticatorSelection: {
      ...publicKey.authenticatorSelection,
      residentKey: signsInAlone ? "required" : "discouraged",
      requireResidentKey: signsInAlone,
      userVerification: signsInAlone ? "required" : "preferred",
    },
  } });
  const { attestationObject } = credential.response;
  return answer(credential, { attestationObject: text(attestationObject), transports: credential.response.getTransports?.() ?? [] });
}

async function get({ publicKey }) {
  const credential = await navigator.credentials.get({ publicKey: {
    ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials),
  } });
  const { authenticatorData, signature, userHandle } = credential.response;
  return answer(credential, {
    authenticatorData: text(authenticatorData), signature: text(signature), userHandle: userHandle ? text(userHandle) : null,
  });
}

const answer = (credential, response) => ({
  type: credential.type,
  id: credential.id,
  rawId: text(credential.rawId),
  authenticatorAttachment: credential.authenticatorAttachment ?? null,
  response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  clientExtensionResults: credential.getClientExtensionResults(),
});

async function options(form) {
  const written = one("script[type='application/json']", form);
  if (written) return JSON.parse(written.textContent);
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error("The server was not ready for a passkey. Try again in a minute.");
  return (await response.json()).request_options;
}

function say(form, error) {
  const note = one("[data-passkey-problem]", form);
  const isGivenUp = error.name === "NotAllowedError" || error.name === "AbortError";
  const isHere = error.name === "InvalidStateError";
  one("p", note).textContent = isGivenUp
    ? "No passkey was used. Try again, or take another way."
    : isHere ? "This device has a passkey for your account already." : error.message;
  note.hidden = false;
}

on("submit", "form[data-passkey]", async (form, event) => {
  event.preventDefault();
  try {
    const asked = await options(form);
    const given = form.dataset.passkey === "create" ? await create(form, asked) : await get(asked);
    one("[name=credential]", form).value = JSON.stringify(given);
    form.submit();
  } catch (error) {
    say(form, error);
  }
});

if (isPossible) {
  for (const element of all("[data-passkeys]")) element.hidden = false;
  for (const element of all("[data-no-passkeys]")) element.hidden = true;
}
