// @ts-check
/** Talks to the clinic's server, and says plainly when it could not. */
import { forgetKey, hasStorage, keeper, key, oneTabAtATime } from "./key.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./live.js").State} State */

/**
 * @typedef {object} Answer
 * @property {Message[]} messages
 * @property {State} [handoff]
 * @property {boolean} [kept] false if the server could write nothing down
 */

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
 * @param {string | null} source where the visitor came from
 * @returns {Promise<{messages: Message[], handoff?: State}>}
 */
export function begin(source) {
  return oneTabAtATime(async () => {
    const keep = keeper();
    const answer = await post("/api/conversation", { source, cookie: !hasStorage() });
    if (typeof answer.key === "string") keep(answer.key);
    return answer;
  });
}

/**
 * A second try with the same key is the same message, never a second one.
 * @param {string} text @param {string} name of the message
 * @returns {Promise<Answer>}
 */
export async function send(text, name) {
  const answer = await post("/api/messages", { text, key: name });
  // Silence is no answer, unless a person has the message.
  if (!answer.messages.length && !answer.handoff) throw new Failure(0);
  return answer;
}

/**
 * @param {number} after the newest message that we have
 * @param {AbortSignal} signal
 * @returns {Promise<Response>} a stream
 */
export async function events(after, signal) {
  const response = await request(`/api/events?after=${after}`, { signal });
  if (!response.ok) throw await failure(response);
  return response;
}

/** @returns {Promise<State>} whether a person waits or writes here */
export async function handoff() {
  return (await ask("/api/handoff")).handoff ?? null;
}

export const endHandoff = () => ask("/api/handoff/end", { method: "POST" });

export const typing = () => request("/api/typing", { method: "POST" });

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
  ask("/api/feedback", written({ helpful })).catch(() => {});
}

/**
 * One of the visitor's own files.
 * @param {string} path
 * @returns {Promise<{content: Blob, name: string}>}
 */
export async function file(path) {
  const response = await request(path, { signal: AbortSignal.timeout(TIME_LIMIT_MS) });
  if (!response.ok) throw await failure(response);
  const says = response.headers.get("Content-Disposition") ?? "";
  return { content: await response.blob(), name: says.match(/filename="([^"]+)"/)?.[1] ?? "" };
}

/** @param {string} address where a code goes first */
export const askForCode = (address) => ask("/api/conversation/email", written({ address }));

/** @param {string} code from the e-mail; with the right one the conversation is sent */
export const sendCode = (code) => ask("/api/conversation/email/code", written({ code }));

/** @returns {Promise<boolean>} whether what was sent to staff before stays with them */
export function deleteConversation() {
  return oneTabAtATime(async () => {
    try {
      return await erased().catch((failure) => {
        if (failure instanceof Failure && failure.status === 0) return erased();
        throw failure;
      });
    } catch (failure) {
      // It was deleted before, in another tab or by the clinic.
      if (failure instanceof Failure && failure.code === "no_conversation") return false;
      throw failure;
    }
  });
}

/** A second time is answered as the first, whose answer may have been lost on its way. */
async function erased() {
  const answer = await ask("/api/conversation", { method: "DELETE" });
  return answer.kept_with_staff === true;
}

/** @param {string} path @param {object} body */
async function post(path, body) {
  const answer = await ask(path, written(body));
  if (!Array.isArray(answer?.messages) || !answer.messages.every(isMessage)) throw new Failure(0);
  return answer;
}

/** @param {object} body @returns {RequestInit} */
function written(body) {
  const headers = { "Content-Type": "application/json" };
  return { method: "POST", headers, body: JSON.stringify(body) };
}

/** @param {string} path @param {RequestInit} [how] */
async function ask(path, how = {}) {
  let response;
  try {
    response = await request(path, { signal: AbortSignal.timeout(TIME_LIMIT_MS), ...how });
  } catch {
    throw new Failure(0);
  }
  if (!response.ok) throw await failure(response);
  try {
    return await response.json();
  } catch {
    throw new Failure(0);
  }
}

/** @param {string} path @param {RequestInit} [how] */
function request(path, how = {}) {
  const own = key();
  const headers = { ...how.headers, ...(own ? { Authorization: `Bearer ${own}` } : {}) };
  return fetch(path, { credentials: "same-origin", cache: "no-store", ...how, headers });
}

/** @param {Response} response that says no */
async function failure(response) {
  try {
    const { error } = await response.json();
    return new Failure(response.status, error?.code, error?.message);
  } catch {
    // An error page of a proxy is not JSON, but its status still tells a refusal from a fault.
    return new Failure(response.status);
  }
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
