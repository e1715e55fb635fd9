// @ts-check
/** Talks to the clinic's server, and says plainly when it could not. */
import { source } from "./source.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./live.js").State} State */

const TIME_LIMIT_MS = 12_000;

/** A request that came to nothing. `status` is 0 when no proper answer came at all. */
export class Failure extends Error {
  /** @param {number} status @param {string} [code] @param {string} [kindText] */
  constructor(status, code = "unreachable", kindText = "") {
    super(code);
    this.status = status;
    this.code = code;
    this.kindText = kindText;
  }

  /** The server is there and refused this message; its own words say why. */
  get refused() {
    return this.status >= 400 && this.status < 500;
  }
}

/**
 * Starts a conversation, or brings back the one this browser has.
 * @returns {Promise<{messages: Message[], notice?: string, handoff?: State}>}
 */
export const begin = () => post("/api/conversation", { source: source() });

/**
 * A second try with the same key is the same message, never a second one.
 * @param {string} text @param {string} key
 * @returns {Promise<{messages: Message[], handoff?: State}>}
 */
export async function send(text, key) {
  const answer = await post("/api/messages", { text, key });
  // Silence is no answer, unless a person has the message.
  if (!answer.messages.length && !answer.handoff) throw new Failure(0);
  return answer;
}

/** @param {number} after the newest message that we have @returns {string} address of the stream */
export const events = (after) => `/api/events?after=${after}`;

/** @returns {Promise<State>} whether a person waits or writes here */
export async function handoff() {
  return (await ask("/api/handoff")).handoff ?? null;
}

export const endHandoff = () => ask("/api/handoff/end", { method: "POST" });

export const typing = () => fetch("/api/typing", { method: "POST", credentials: "same-origin" });

/** @returns {Promise<boolean>} whether to ask “Was this helpful?” now */
export async function mayAskForFeedback() {
  try {
    return (await ask("/api/feedback/question", { method: "POST" })).ask === true;
  } catch {
    return false;
  }
}

/** @param {boolean} helpful an opinion that does not arrive is not worth a word */
export function sendFeedback(helpful) {
  const headers = { "Content-Type": "application/json" };
  const body = JSON.stringify({ helpful });
  ask("/api/feedback", { method: "POST", headers, body }).catch(() => {});
}

/** @param {string} path @param {object} body */
async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const answer = await ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!Array.isArray(answer?.messages) || !answer.messages.every(isMessage)) throw new Failure(0);
  return answer;
}

/** @param {string} path @param {RequestInit} [how] */
async function ask(path, how = {}) {
  let response, answer;
  try {
    const signal = AbortSignal.timeout(TIME_LIMIT_MS);
    response = await fetch(path, { credentials: "same-origin", signal, ...how });
    answer = await response.json();
  } catch {
    // An error page of a proxy is not JSON, but its status still tells a refusal from a fault.
    throw new Failure(response?.ok ? 0 : (response?.status ?? 0));
  }
  if (!response.ok) throw new Failure(response.status, answer?.error?.code, answer?.error?.message);
  return answer;
}

/** @param {any} message */
function isMessage(message) {
  return typeof message?.id === "string" && typeof message.text === "string";
}

/** @returns {string} a random UUID */
export function newKey() {
  // randomUUID exists on https and localhost only; a trial on the office network has neither.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
