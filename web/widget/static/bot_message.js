// @ts-check
/**
 * The words of a message, as in web/bot_message.schema.json.
 *
 * @typedef {object} Message
 * @property {string} id
 * @property {"bot" | "visitor" | "staff"} from
 * @property {string} at  ISO time
 * @property {string} text  plain: an empty line parts paragraphs, "- " starts a list line
 * @property {Payload | null} [payload]
 *
 * @typedef {{suggestions?: string[]}} Suggesting  quick replies, sent as they are written
 * @typedef {{title: string, url: string}} Source
 * @typedef {{name: string, call?: string | null, text?: string | null, chat?: string | null,
 *   note?: string | null}} Resource
 *
 * @typedef {{type: "answer", topic: string, title: string, sources: Source[], reviewed: string | null}} Answer
 * @typedef {{type: "text"}} Text
 * @typedef {{type: "fallback"}} Fallback
 * @typedef {"en" | "es"} Language
 * @typedef {{type: "crisis", category: string, language?: Language, resources: Resource[]}} Crisis
 * @typedef {{type: "check_in", category: string, language: Language, resources: Resource[]}} CheckIn
 * @typedef {{type: "question", field: string, kind: "choice" | "multiple" | "number" | "date" |
 *   "text" | "contact", options?: string[], exclusive?: string[], section?: string | null,
 *   number?: number | null, of?: number | null, why?: string | null, optional?: boolean,
 *   earliest?: string, latest?: string}} Question  the last two of a date, as 2026-01-31
 * @typedef {{type: "outcome", code: string, reasons: string[], download?: boolean}} Outcome
 * @typedef {{title: string, url: string}} File  of the visitor's own answers
 * @typedef {{type: "download", files: File[]}} Download
 * @typedef {{type: "handoff",
 *   state: "offered" | "waiting" | "live" | "ended" | "callback"}} Handoff
 *
 * @typedef {(Answer | Text | Fallback | Crisis | CheckIn | Question | Outcome | Handoff |
 *   Download) & Suggesting} Payload
 */

const HELP = ["crisis", "check_in"];

/** @param {Pick<Message, "payload">} message @returns whether it shows help lines */
export const showsHelp = ({ payload }) => HELP.includes(payload?.type ?? "");
