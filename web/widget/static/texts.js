// @ts-check
/** The words of the chat: data that the page was delivered with, from web/widget/texts/. */

/** @typedef {import("./first_line.js").FirstLineData} FirstLineData */
/** @typedef {Record<string, any>} Texts  web/visitor/texts.py checks what must be there */
/** @typedef {Record<"title" | "more" | "now" | "call" | "text" | "textWord" | "chat" | "at", string>} CrisisTexts */
/**
 * @typedef {object} ChatData
 * @property {string} language
 * @property {Texts} texts
 * @property {Record<string, CrisisTexts>} helpLines
 * @property {FirstLineData} firstLine
 * @property {{name: string, phone: string}} clinic
 * @property {boolean} [mail] whether the clinic can send a visitor e-mail
 */

/** @type {ChatData} */
export const pageData = JSON.parse(document.getElementById("chat-data")?.textContent ?? "{}");

const plurals = new Intl.PluralRules(pageData.language);

/** @param {string} text with {names} @param {Record<string, unknown>} values of the names */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** @param {Record<string, string>} forms one, few, many, other @param {number} count */
export function counted(forms, count) {
  return fill(forms[plurals.select(count)] ?? forms.other, { count });
}

/** @param {string | undefined} language of the answer with help lines, not of the page */
export function crisisTexts(language) {
  return pageData.helpLines[language ?? ""] ?? pageData.helpLines.en;
}
