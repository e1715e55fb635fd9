// @ts-check
/** Builds page elements. Text always goes in as text, never as markup. */

/**
 * An attribute whose value is a function is an event listener; null and false leave it out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      node.addEventListener(name, /** @type {EventListener} */ (value));
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/**
 * @param {string} label
 * @param {() => void} deed
 * @param {string} [kind] its class
 */
export function button(label, deed, kind = "choice") {
  return element("button", { type: "button", class: kind, click: deed }, label);
}

/** @param {string} text words for screen readers only */
export function spoken(text) {
  return element("span", { class: "spoken" }, text);
}

/** @param {string} name an id in icons.svg */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", new URL(`icons.svg#${name}`, import.meta.url).href);
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}
