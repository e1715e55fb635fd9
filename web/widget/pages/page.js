// @ts-check
/** The example page: its owner's part changes the button in the corner and the line to copy. */

const DEFAULTS = { colour: "#2b5d54", position: "right", greeting: "" };
const SAID_FOR_MS = 4_000;

/** @template {Element} T @param {string} selector @param {new () => T} kind @returns {T} */
function find(selector, kind) {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}

const form = find("#look", HTMLFormElement);
const launcher = find('script[src="/widget.js"]', HTMLScriptElement);
const line = find("#line", HTMLElement);
const copied = find("#copied", HTMLElement);

/** @returns {typeof DEFAULTS} */
function chosen() {
  return {
    colour: find("#colour", HTMLInputElement).value,
    position: find("[name=position]:checked", HTMLInputElement).value,
    greeting: find("#greeting", HTMLInputElement).value.trim(),
  };
}

/** @param {string} value as it must stand between quotes in HTML */
const quoted = (value) =>
  value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

function show() {
  const attributes = Object.entries(chosen());
  for (const [name, value] of attributes) {
    if (launcher.getAttribute(`data-${name}`) !== value) launcher.setAttribute(`data-${name}`, value);
  }
  const said = attributes
    .filter(([name, value]) => value !== Reflect.get(DEFAULTS, name))
    .map(([name, value]) => ` data-${name}="${quoted(value)}"`);
  line.textContent = `<script src="${location.origin}/widget.js"${said.join("")} async></script>`;
  find("#colour-name", HTMLElement).textContent = chosen().colour;
}

async function copy() {
  try {
    await navigator.clipboard.writeText(line.textContent ?? "");
    copied.textContent = "Copied.";
  } catch {
    getSelection()?.selectAllChildren(line);
    copied.textContent = "Your browser does not let us. The line is marked: press Ctrl or ⌘ and C.";
    return;
  }
  setTimeout(() => (copied.textContent = ""), SAID_FOR_MS);
}

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
find("#copy", HTMLButtonElement).addEventListener("click", copy);
show(); // a browser may have kept what was chosen before
