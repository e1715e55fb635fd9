// @ts-check
/** A question of the screening: how far along, the options, and the ways around it. */
import { button, element } from "./elements.js";

/** @typedef {import("./bot_message.js").Question} Question */
/** @typedef {import("./texts.en.js").Texts} Texts */
/** @typedef {(text: string) => void} Say */

/** @param {Question} question @param {Texts} texts */
export function progress({ number, of }, texts) {
  if (!number || !of) return null;
  const label = texts.question.progress(number, of);
  return element(
    "div",
    { class: "progress" },
    element("span", { class: "label" }, label),
    element("progress", { max: of, value: number, "aria-label": label }),
  );
}

/** @param {Question} question @param {Texts} texts @param {Say} say */
export function options(question, texts, say) {
  const labels = question.options ?? [];
  if (!labels.length) return null;
  if (question.kind === "multiple") return tickList(labels, texts, say);
  return element(
    "div",
    { class: "options", role: "group", "aria-label": texts.question.choices },
    ...labels.map((label) => button(label, () => say(label))),
  );
}

/** @param {Question} question @param {Texts} texts @param {Say} say */
export function waysAround(question, texts, say) {
  const { why, skip, back } = texts.spoken;
  const words = [
    question.why ? why : "",
    question.optional ? skip : "",
    (question.number ?? 0) > 1 ? back : "",
  ].filter(Boolean);
  const ways = words.map((word) => button(word, () => say(word), "quiet"));
  return ways.length ? element("div", { class: "around" }, ...ways) : null;
}

/** @param {string[]} labels @param {Texts} texts @param {Say} say */
function tickList(labels, texts, say) {
  const boxes = labels.map((label) => element("input", { type: "checkbox", value: label }));
  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const send = button(texts.question.send, () => say(ticked().join("; ")), "primary");
  send.disabled = true;

  /** @param {Event} event */
  function settle(event) {
    const changed = /** @type {HTMLInputElement} */ (event.target);
    const isNone = (/** @type {HTMLInputElement} */ box) =>
      box.value.startsWith(texts.question.none);
    // "None of these" next to a ticked illness would be an answer nobody could use.
    for (const box of boxes) {
      if (changed.checked && isNone(box) !== isNone(changed)) box.checked = false;
    }
    send.disabled = ticked().length === 0;
  }

  return element(
    "fieldset",
    { class: "options", change: settle },
    element("legend", {}, texts.question.several),
    ...boxes.map((box) => element("label", { class: "tick" }, box, element("span", {}, box.value))),
    send,
  );
}
