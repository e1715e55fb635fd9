// @ts-check
/** A person of the clinic in the chat: waits for them, shows what they write, ends it. */
import * as api from "./api.js";
import { button, element } from "./elements.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./texts.en.js").Texts} Texts */
/** @typedef {"waiting" | "live" | null} State */
/** @typedef {{show: (message: Message) => void, typing: (isTyping: boolean) => void,
 *   settle: (state: State) => void}} Listener */

const PLACE = "person-in-chat";
const TYPING_EVERY_MS = 3_000;
const RETRY_MS = 4_000;
const LOOK_EVERY_MS = 15_000; // staff may step in by themselves
const LOOK_FOR_MS = 30 * 60_000; // so long after the visitor's last words; then nobody does
const TABS = "visitor-wrote"; // the chat may be open in several

export class Live {
  /** @type {State} */ state = null;
  /** @type {EventSource | null} */ #stream = null;
  #newest = 0;
  #typedAt = 0;
  #saidAt = 0;
  #tabs = new BroadcastChannel(TABS);

  /** @param {Texts} texts @param {Listener} listener @param {() => boolean} isOpen the panel */
  constructor(texts, listener, isOpen) {
    this.texts = texts.person;
    this.listener = listener;
    this.words = element("p");
    this.leave = button("", () => this.#end(), "quiet");
    this.bar = element("div", { class: "person-bar", role: "status", hidden: true });
    this.bar.append(this.words, this.leave);
    const look = () => isOpen() && this.#look();
    setInterval(look, LOOK_EVERY_MS);
    document.addEventListener("visibilitychange", look);
    this.#tabs.addEventListener("message", () => (this.#saidAt = Date.now()));
  }

  /** Whether a person was here before this page was loaded anew. */
  static wasOpen() {
    try {
      return sessionStorage.getItem(PLACE) !== null;
    } catch {
      return false; // storage may be switched off; then the visitor opens the chat
    }
  }

  /**
   * What the conversation held when it was opened. Answers of the bot do not count: what a person
   * wrote before them may still be on its way.
   * @param {Message[]} messages
   */
  saw(messages) {
    for (const { id, from, at } of messages) {
      if (from === "visitor") this.#saidAt = new Date(at).getTime();
      else this.#newest = Math.max(this.#newest, Number(id) || 0);
    }
  }

  said() {
    this.#saidAt = Date.now();
    this.#tabs.postMessage(null); // nothing of what was said
  }

  /** @param {State | undefined} state as the server says; only its stream says that it is over */
  settle(state) {
    if (!state) return;
    this.#show(state);
    this.#listen();
  }

  /** The visitor is typing: the person sees it, the bot never does. */
  typing() {
    if (this.state !== "live" || Date.now() - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = Date.now();
    api.typing().catch(() => {}); // nothing is lost
  }

  #listen() {
    if (this.#stream) return;
    const stream = new EventSource(api.events(this.#newest));
    this.#stream = stream;
    stream.addEventListener("message", ({ data }) => {
      const message = /** @type {Message} */ (JSON.parse(data));
      this.#newest = Math.max(this.#newest, Number(message.id) || 0);
      this.listener.show(message);
    });
    stream.addEventListener("handoff", ({ data }) => {
      const { handoff, typing } = JSON.parse(data);
      this.#show(handoff);
      this.listener.typing(typing);
      if (!handoff) this.#close();
    });
    stream.addEventListener("error", () => {
      if (stream.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
      this.#close();
      setTimeout(() => this.state && this.#listen(), RETRY_MS);
    });
  }

  #close() {
    this.#stream?.close();
    this.#stream = null;
    this.listener.typing(false);
  }

  /** @param {State} state */
  #show(state) {
    if (state === this.state) return;
    this.state = state;
    this.bar.hidden = !state;
    if (state) {
      this.words.textContent = this.texts[state];
      this.leave.textContent = this.texts.leave[state];
    }
    try {
      if (state) sessionStorage.setItem(PLACE, state);
      else sessionStorage.removeItem(PLACE);
    } catch {
      // the chat works without it
    }
    this.listener.settle(state);
  }

  async #look() {
    const wroteLately = Date.now() - this.#saidAt < LOOK_FOR_MS;
    if (this.#stream || this.state || document.hidden || !wroteLately) return;
    try {
      this.settle(await api.handoff());
    } catch {
      // the next look may get through
    }
  }

  async #end() {
    this.leave.disabled = true;
    try {
      await api.endHandoff();
      this.#listen();
    } catch {
      this.words.textContent = this.texts.notEnded;
    } finally {
      this.leave.disabled = false;
    }
  }
}
