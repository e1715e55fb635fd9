// @ts-check
/** The help lines the page was delivered with: there even when every request fails. */
import { element } from "./elements.js";
import { fill } from "./texts.js";

/** @typedef {import("./bot_message.js").Resource} Resource */
/** @typedef {import("./texts.js").CrisisTexts} CrisisTexts */

const CAPITALS = /\b\p{Lu}{2,}\b/u;

export class HelpLines {
  /** @param {HTMLElement} bar as the page was delivered with it */
  constructor(bar) {
    this.bar = bar;
    this.bar.removeAttribute("id");
  }

  /** The one line with 911 and 988, for the place where something went wrong. */
  sentence() {
    const line = this.bar.querySelector(".help-sentence");
    return line ? line.cloneNode(true) : null;
  }

  open() {
    const more = this.bar.querySelector("details");
    if (more) more.open = true;
  }

  /** The bar itself, with 911 and 988, always stays. */
  fold() {
    const more = this.bar.querySelector("details");
    if (more) more.open = false;
  }
}

/** @param {Resource} resource @param {CrisisTexts} texts */
export function resourceLinks({ name, call, text, chat }, texts) {
  const ways = [];
  if (call) ways.push(way(`tel:${numberToCall(call)}`, fill(texts.call, { number: call })));
  if (text) ways.push(way(addressToText(text), textWords(text, texts)));
  if (chat) {
    const url = chat.includes("://") ? chat : `https://${chat}`;
    if (url.startsWith("https://")) ways.push(way(url, texts.chat));
  }
  return ways;

  /** @param {string} href @param {string} deed */
  function way(href, deed) {
    const outside = href.startsWith("https:") ? { target: "_blank", rel: "noopener" } : {};
    const label = fill(texts.at, { deed, name });
    return element("a", { class: "way", href, "aria-label": label, ...outside }, deed);
  }
}

/**
 * "988, then press 1" is dialled as 988: the digits end where words begin.
 * The page's own template has the same rule.
 * @param {string} call
 */
export function numberToCall(call) {
  const run = call.match(/\+?\d[\d\s().-]*/)?.[0] ?? "";
  return run.replace(/[^\d+]/g, "");
}

/**
 * "Text HOME to 741741", "Envía HOME al 741741": the number stands behind "to", and the word in
 * capitals is the message. The page's own template has the same rule.
 * @param {string} text
 */
function textMessage(text) {
  const last = text.split(/ (?:to|al) /).at(-1) ?? text;
  return { to: last.match(/\+?\d[\d\s().-]*/)?.[0].trim() ?? "", body: text.match(CAPITALS)?.[0] };
}

/** @param {string} text @param {CrisisTexts} texts */
function textWords(text, texts) {
  const { to, body } = textMessage(text);
  return body ? fill(texts.textWord, { word: body, number: to }) : fill(texts.text, { number: to });
}

/** @param {string} text */
export function addressToText(text) {
  const { to, body } = textMessage(text);
  return `sms:${numberToCall(to)}${body ? `?&body=${encodeURIComponent(body)}` : ""}`;
}
