// @ts-check
/** A question of the screening: how far along, the options, and the ways around it. */
import { dateField } from "./date_field.js";
import { button, element, spoken } from "./elements.js";
import { counted, fill } from "./texts.js";

/** @typedef {import("./bot_message.js").Question} Question */
/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {(text: string) => void} Say */

/** @param {Question} question @param {Texts} texts the part of the form, and how far along it is */
export function progress({ section, number, of }, texts) {
  // A form may grow while it is answered; a question is never one of fewer.
  const count = number && of ? Math.max(number, of) : 0;
  const place = number && count ? fill(texts.question.progress, { number, of: count }) : "";
  const before = section && place ? `${section} · ` : section;
  const label = `${before ?? ""}${place}`;
  if (!label) return null;
  return element(
    "div",
    { class: "progress" },
    element("span", { class: "label" }, before, element("span", { class: "place" }, place)),
    place ? element("progress", { max: count, value: number, "aria-label": label }) : null,
  );
}

/** @param {Question} question @param {Texts} texts @param {Say} say */
export function options(question, texts, say) {
  if (question.kind === "date") return dateField(question, texts, say);
  const labels = question.options ?? [];
  if (!labels.length) return null;
  if (question.kind === "multiple") return tickList(question, texts, say);
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

/** @param {Question} question @param {Texts} texts @param {Say} say */
function tickList(question, texts, say) {
  const labels = question.options ?? [];
  const boxes = labels.map((label) => element("input", { type: "checkbox", value: label }));
  const ticked = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const send = button(texts.question.send, () => say(ticked().join("; ")), "primary");
  send.disabled = true;

  /** @param {Event} event */
  function settle(event) {
    const changed = /** @type {HTMLInputElement} */ (event.target);
    if (changed.checked) untickOthers(changed, boxes, standsAlone(question, texts));
    send.disabled = ticked().length === 0;
  }

  const { several, count } = texts.question;
  return element(
    "fieldset",
    { class: "options", change: settle },
    element("legend", {}, several, spoken(`, ${counted(count, labels.length)}`)),
    ...boxes.map((box) => element("label", { class: "tick" }, box, element("span", {}, box.value))),
    element("div", { class: "send-ticked" }, send),
  );
}

/**
 * "None of these" next to a ticked illness would be an answer nobody could use.
 * @param {HTMLInputElement} changed @param {HTMLInputElement[]} boxes
 * @param {(label: string) => boolean} isAlone
 */
function untickOthers(changed, boxes, isAlone) {
  for (const box of boxes) {
    if (box !== changed && (isAlone(changed.value) || isAlone(box.value))) box.checked = false;
  }
}

/** @param {Question} question @param {Texts} texts @returns {(label: string) => boolean} */
function standsAlone({ exclusive }, texts) {
  if (exclusive) return (label) => exclusive.includes(label);
  return (label) => label.startsWith(texts.question.none);
}
