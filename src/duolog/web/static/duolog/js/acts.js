// What logs time bears a number until its answer is there, so that asked again it is done once.
// It is told by what was pressed and where it is sent; forms bring a number of their own.
const open = new Map();

// Not crypto.randomUUID: over plain http, as in many a house, browsers have none.
function fresh() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
  return hex.join("");
}

const nameOf = ({ elt }, path) => (elt.dataset?.act === undefined ? null : `${elt.id} ${path}`);

// Whether nobody knows what became of a request: no answer, or one from half-way.
export const isLost = ({ xhr }) => xhr.status === 0 || xhr.status >= 500;

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const name = nameOf(detail, detail.path);
  if (name === null) return;
  if (!open.has(name)) open.set(name, fresh());
  detail.parameters.act = open.get(name);
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const name = nameOf(detail, detail.pathInfo.requestPath);
  if (name !== null && !isLost(detail)) open.delete(name);
});
