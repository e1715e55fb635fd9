// @ts-check
// One live chat: what is said appears by itself, Enter sends, and no word is ever lost.
import { CannedReplies } from "./live_canned.js";
import { Draft } from "./live_draft.js";

const TYPING_EVERY_MS = 3_000;
const LOOK_WHILE_HIDDEN_MS = 15_000; // a browser has few lines to one server: hidden pages let go
const RETRY_MS = 3_000;

const chat = /** @type {HTMLElement} */ (document.getElementById("chat"));
const bubbles = /** @type {HTMLElement} */ (document.getElementById("bubbles"));
const scroll = /** @type {HTMLElement} */ (document.getElementById("scroll"));
const alarms = /** @type {HTMLElement} */ (document.getElementById("alarms"));
const hints = /** @type {HTMLElement} */ (document.getElementById("hints"));
const typing = /** @type {HTMLElement} */ (document.getElementById("visitor-typing"));
const composer = document.getElementById("composer");
const { state, holder, handoff = "", events } = chat.dataset;
const title = document.title;

let newest = Number(chat.dataset.newest);
/** @type {EventSource | null} */
let stream = null;
let isLeaving = false;

scroll.scrollTop = scroll.scrollHeight;
const draft = new Draft(handoff);
if (composer instanceof HTMLFormElement) write(composer);
else draft.showUnsent();
if (state !== "ended") {
  listen();
  setInterval(() => document.hidden && listen(), LOOK_WHILE_HIDDEN_MS);
  document.addEventListener("visibilitychange", whenShown);
  // A form that leads away must not be overtaken by news of what it did itself.
  document.addEventListener("submit", (event) => event.defaultPrevented || leave());
}

function leave() {
  isLeaving = true;
  close();
}

function whenShown() {
  if (document.hidden) {
    close();
  } else {
    document.title = title;
    listen();
  }
}

function listen() {
  if (isLeaving) return;
  close();
  stream = new EventSource(`${events}?after=${newest}`);
  stream.addEventListener("said", (event) => show(event.lastEventId, event.data));
  stream.addEventListener("alarm", (event) => alarm(event.data));
  stream.addEventListener("hint", (event) => hint(event.data));
  stream.addEventListener("state", (event) => settle(JSON.parse(event.data)));
  stream.addEventListener("error", () => {
    if (stream?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    close();
    setTimeout(() => document.hidden || listen(), RETRY_MS);
  });
}

function close() {
  stream?.close();
  stream = null;
}

/** @param {string} id @param {string} html made by our own template, which escapes everything */
function show(id, html) {
  if (Number(id) <= newest) return;
  newest = Number(id);
  const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const drawn = document.createElement("template");
  drawn.innerHTML = html;
  const isVisitors = drawn.content.querySelector(".from-visitor") !== null;
  document.getElementById("empty")?.remove();
  bubbles.append(drawn.content);
  if (isAtEnd) scroll.scrollTop = scroll.scrollHeight;
  if (document.hidden && isVisitors) document.title = `● New message · ${title}`;
}

/** @param {string} html */
function alarm(html) {
  alarms.setAttribute("role", "alert");
  if (put(alarms, "alert", html)) hints.replaceChildren(); // one that comes after it is told anew
}

/** @param {string} html */
const hint = (html) => put(hints, "status", html);

/** @param {HTMLElement} place @param {string} role @param {string} html */
function put(place, role, html) {
  const drawn = document.createElement("template");
  drawn.innerHTML = html;
  if (plain(drawn.content) === plain(place)) return false; // was there when the page was opened
  place.setAttribute("role", role);
  place.replaceChildren(drawn.content);
  place.scrollIntoView({ block: "nearest" });
  return true;
}

/** @param {Node} node */
const plain = (node) => node.textContent?.replace(/\s+/g, " ").trim();

/** @param {{state: string, holder: number | null, typing: boolean}} now */
function settle(now) {
  typing.textContent = now.typing ? "The visitor is typing …" : "";
  if (now.state !== state || String(now.holder ?? "") !== holder) {
    close();
    location.reload(); // the page says what has changed; what was being written is kept
  } else if (document.hidden) {
    close();
  }
}

/** @param {HTMLFormElement} form */
function write(form) {
  const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("text"));
  const canned = new CannedReplies(field);
  let typedAt = 0;
  document.getElementById("how")?.removeAttribute("hidden"); // true with this script only
  field.value ||= draft.read();
  field.setSelectionRange(field.value.length, field.value.length);

  field.addEventListener("input", () => {
    draft.keep(field.value);
    if (!field.value || Date.now() - typedAt < TYPING_EVERY_MS) return;
    typedAt = Date.now();
    const body = new FormData();
    body.set("csrf", String(new FormData(form).get("csrf")));
    fetch(`/staff/live/${handoff}/typing`, { method: "POST", body }).catch(() => {});
  });
  field.addEventListener("keydown", (event) => {
    // While a word is being composed (Japanese, for one), Enter belongs to the keyboard.
    if (canned.key(event) || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, field);
  });
}

/** @param {HTMLFormElement} form @param {HTMLTextAreaElement} field */
async function send(form, field) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button.main"));
  if (button.disabled) return;
  const body = new FormData(form);
  const words = field.value;
  button.disabled = true;
  explain("");
  const problem = await sent(form.action, body);
  button.disabled = false;
  if (problem === null) {
    // Whatever was typed on meanwhile stays.
    field.value = field.value.startsWith(words) ? field.value.slice(words.length) : field.value;
    draft.keep(field.value);
    /** @type {HTMLInputElement} */ (form.elements.namedItem("key")).value = newKey();
    if (!stream) listen();
  } else {
    explain(problem);
  }
  field.focus();
}

/**
 * @param {string} action @param {FormData} body
 * @returns {Promise<string | null>} why it was not sent, or nothing
 */
async function sent(action, body) {
  const headers = { Accept: "application/json" };
  let answer;
  try {
    answer = await fetch(action, { method: "POST", body, headers });
    if (answer.headers.get("content-type")?.startsWith("application/json") && answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const problem = page.querySelector(".problem")?.textContent?.trim();
    if (problem) return problem;
  } catch {
    return "No connection: this was not sent. Your words are kept; please try again.";
  }
  if (answer.redirected) return "You are signed out, so this was not sent. Your words are kept in this tab: sign in again in another one, then send.";
  return "This was not sent. Your words are kept; please try again.";
}

/** @param {string} problem */
function explain(problem) {
  let note = document.getElementById("problem");
  if (!note && problem) {
    note = document.createElement("p");
    note.id = "problem";
    note.className = "problem";
    note.setAttribute("role", "alert");
    composer?.before(note);
  }
  if (note) {
    note.textContent = problem;
    note.hidden = !problem;
  }
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
