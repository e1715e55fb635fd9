// @ts-check
/** The browser's own calendar, for a question about a date. Words can still be typed below. */
import { element } from "./elements.js";

/** @typedef {import("./bot_message.js").Question} Question */
/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {import("./question.js").Say} Say */

// Without limits the field of the year takes six digits, and "24" becomes the year 24.
const EARLIEST = "1900-01-01";
const LATEST = "2100-12-31";

/** @param {Question} question @param {Texts} texts @param {Say} say */
export function dateField({ earliest = EARLIEST, latest = LATEST }, texts, say) {
  const field = element("input", { type: "date", min: earliest, max: latest, required: true });
  // The browser itself says what is missing or out of range, and then this is not called.
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    say(field.value);
  };
  return element(
    "form",
    { class: "date", submit },
    element("label", {}, element("span", {}, texts.question.date), field),
    element("button", { type: "submit", class: "primary" }, texts.question.send),
  );
}
