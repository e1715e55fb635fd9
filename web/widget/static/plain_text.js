// @ts-check
/** Turns the plain text of a message into paragraphs, lists and links. */
import { element } from "./elements.js";

const LINK = /https:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]/g;

/** @param {string} text @returns {DocumentFragment} */
export function paragraphs(text) {
  const page = document.createDocumentFragment();
  for (const block of text.split(/\n\s*\n/)) page.append(...blockNodes(block.trim()));
  return page;
}

/** @param {string} block lines without an empty one between them */
function blockNodes(block) {
  /** @type {HTMLElement[]} */
  const nodes = [];
  for (const line of block.split("\n")) {
    const inList = line.startsWith("- ");
    const tag = inList ? "ul" : "p";
    let last = nodes.at(-1);
    if (last?.localName !== tag) nodes.push((last = element(tag)));
    else if (!inList) last.append(element("br"));
    if (inList) last.append(element("li", {}, withLinks(line.slice(2))));
    else last.append(withLinks(line));
  }
  return nodes.filter((node) => node.textContent);
}

/** @param {string} line @returns {DocumentFragment} */
function withLinks(line) {
  const piece = document.createDocumentFragment();
  let from = 0;
  for (const found of line.matchAll(LINK)) {
    piece.append(line.slice(from, found.index), outsideLink(found[0], found[0]));
    from = found.index + found[0].length;
  }
  piece.append(line.slice(from));
  return piece;
}

/** @param {string} url @param {string} label */
export function outsideLink(url, label) {
  const safe = url.startsWith("https://");
  if (!safe) return element("span", {}, label);
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}
