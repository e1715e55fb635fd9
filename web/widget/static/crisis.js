// @ts-check
/** A first look at the visitor's own words, and the card with help lines. */
import { element } from "./elements.js";
import { resourceLinks } from "./help_lines.js";

/** @typedef {import("./bot_message.js").Crisis} Crisis */
/** @typedef {import("./texts.en.js").Texts} Texts */

// The server looks far more closely. These few words only open the help lines at once, so that a
// slow or broken line never stands between a person and a number. A false alarm costs nothing.
const PLAIN_WORDS = [
  /\bsuicid/, // also suicidio, suicidarme
  /\b(kms|unalive|self ?harm)/,
  /\b(kill|killing|hang|hanging|shoot|cut|cutting|hurt|hurting|harm|harming) (myself|me)\b/,
  /\b(want to|wanna|going to|gonna) (die|end it|end my life)\b/,
  /\b(end my life|end it all|better off dead|no reason to live)\b/,
  /\b(dont|do not) want to (live|be alive|be here anymore)\b/,
  /\b(overdosed?|took (too many|all my|all the|the whole bottle))\b/,
  /\b(cant|cannot|can not) breathe\b|\bchest pain/,
  /\b(hits|beats|raped|strangled) me\b/,
  /\b(quiero morir|me quiero morir|matarme|quitarme la vida)\b/,
];

/** @param {string} text */
export function soundsLikeCrisis(text) {
  const plain = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}'’]/gu, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ");
  return PLAIN_WORDS.some((words) => words.test(plain));
}

/** @param {Crisis} payload @param {Texts} texts */
export function crisisCard(payload, texts) {
  const lines = (payload.resources ?? []).map((resource) =>
    element(
      "li",
      {},
      element("strong", {}, resource.name),
      resource.note ? element("span", { class: "note" }, resource.note) : null,
      element("span", { class: "ways" }, ...resourceLinks(resource, texts)),
    ),
  );
  return element(
    "section",
    { class: "crisis-card" },
    element("h3", {}, texts.crisis.title),
    element("ul", { class: "lines" }, ...lines),
  );
}
