// @ts-check
/** What stands with the text of a message: sources, an outcome, who is answering. */
import { checkInLine } from "./crisis.js";
import { element } from "./elements.js";
import { outsideLink } from "./plain_text.js";
import { saveButton } from "./saving.js";
import { fill } from "./texts.js";

/** @typedef {import("./bot_message.js").Payload} Payload */
/** @typedef {import("./bot_message.js").Answer} Answer */
/** @typedef {import("./bot_message.js").Download} Download */
/** @typedef {import("./bot_message.js").Outcome} Outcome */
/** @typedef {import("./texts.js").Texts} Texts */

const ANSWERS = "/api/answers.txt"; // the visitor's own, as a text to read

/** @param {Payload} payload @param {Texts} texts @returns {HTMLElement | null} above the text */
export function cardBefore(payload, texts) {
  if (payload.type === "handoff") {
    const state = texts.handoff[payload.state];
    return state ? element("p", { class: `state ${payload.state}` }, state) : null;
  }
  if (payload.type === "outcome") return element("h2", { class: "label" }, texts.outcome);
  return null;
}

/** @param {Payload} payload @param {Texts} texts @returns {HTMLElement | null} below the text */
export function cardAfter(payload, texts) {
  if (payload.type === "answer") return sources(payload, texts);
  if (payload.type === "outcome") return reasons(payload, texts);
  if (payload.type === "check_in") return checkInLine(payload);
  if (payload.type === "download") return files(payload, texts);
  return null;
}

/** @param {Payload} payload @param {Texts} texts @returns {HTMLElement | null} below the bubble */
export function cardUnder(payload, texts) {
  if (payload.type !== "outcome" || !payload.download) return null;
  return element("div", { class: "around" }, saveButton(ANSWERS, texts.download, "quiet", texts));
}

/** @param {Download} payload @param {Texts} texts */
function files(payload, texts) {
  const buttons = payload.files.map(({ url, title }) => saveButton(url, title, "choice", texts));
  return element("div", { class: "chips" }, ...buttons);
}

/** @param {Answer} answer @param {Texts} texts */
function sources(answer, texts) {
  const reviewed = answer.reviewed ? fill(texts.reviewed, { date: shortDate(answer.reviewed, texts) }) : "";
  const links = (answer.sources ?? []).map(({ title, url }) =>
    element("li", {}, outsideLink(url, title)),
  );
  if (!links.length) return reviewed ? element("p", { class: "reviewed" }, reviewed) : null;

  const title = [texts.sources, reviewed].filter(Boolean).join(" · ");
  return folded(title, links);
}

/** @param {Outcome} outcome @param {Texts} texts */
function reasons(outcome, texts) {
  const lines = (outcome.reasons ?? []).map((reason) => element("li", {}, reason));
  return lines.length ? folded(texts.reasons, lines) : null;
}

/** @param {string} title @param {HTMLElement[]} lines */
function folded(title, lines) {
  return element(
    "details",
    { class: "folded" },
    element("summary", {}, title),
    element("ul", {}, ...lines),
  );
}

/** @param {string} date 2026-11-22 @param {Texts} texts */
function shortDate(date, texts) {
  const day = new Date(`${date.slice(0, 10)}T12:00`); // noon: no time zone makes it another day
  if (Number.isNaN(day.getTime())) return date;
  return day.toLocaleDateString(texts.dateLocale, {
    day: "numeric",
    month: "short",
    year: "numeric",
  });
}
