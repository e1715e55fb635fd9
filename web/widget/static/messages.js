// @ts-check
/** Draws one message: who speaks, the text, its card, and the buttons it offers. */
import { cardAfter, cardBefore, cardUnder } from "./cards.js";
import { crisisBody } from "./crisis.js";
import { button, element, spoken } from "./elements.js";
import { paragraphs } from "./plain_text.js";
import { options, progress, waysAround } from "./question.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./bot_message.js").Payload} Payload */
/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {import("./question.js").Say} Say */

/**
 * @param {Message} message @param {Texts} texts
 * @param {boolean} isNew a crisis answer that just came is announced at once; an old one is not
 */
export function drawMessage(message, texts, isNew) {
  const { from, text, payload } = message;
  const author = texts.author[from];
  const bubble = element(
    "div",
    { class: "bubble" },
    from === "staff" ? element("span", { class: "label" }, author) : spoken(`${author}: `),
    payload?.type === "question" ? progress(payload, texts) : null,
    payload ? cardBefore(payload, texts) : null,
    payload?.type === "crisis" ? crisisBody(text ?? "", payload) : paragraphs(text ?? ""),
    payload ? cardAfter(payload, texts) : null,
  );
  return element(
    "div",
    {
      class: `message ${from} ${payload?.type ?? ""}`.trim(),
      role: isNew && payload?.type === "crisis" ? "alert" : null,
      lang: payload?.type === "crisis" || payload?.type === "check_in" ? payload.language : null,
    },
    bubble,
    payload ? cardUnder(payload, texts) : null,
  );
}

/** @param {Payload | null | undefined} payload @param {Texts} texts @param {Say} say */
export function drawActions(payload, texts, say) {
  const question = payload?.type === "question" ? payload : null;
  const suggestions = payload?.suggestions ?? [];
  const chips = suggestions.map((text) => button(text, () => say(text)));
  const parts = [
    question ? options(question, texts, say) : null,
    chips.length ? element("div", { class: "chips" }, ...chips) : null,
    question ? waysAround(question, texts, say) : null,
  ];
  // The log is read out; what can be pressed is found, not read with every message.
  const attributes = { class: "actions", "aria-live": "off" };
  return parts.some(Boolean) ? element("div", attributes, ...parts) : null;
}
