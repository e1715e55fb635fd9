// @ts-check
/** A person of the clinic in the chat: waits for them, shows what they write, ends it. */
import * as api from "./api.js";
import { button, element } from "./elements.js";
import { readEvents } from "./event_stream.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {"waiting" | "live" | null} State */
/** @typedef {{show: (message: Message) => void, typing: (isTyping: boolean) => void,
 *   settle: (state: State) => void}} Listener */

const TYPING_EVERY_MS = 3_000;
const RETRY_MS = 4_000;
const SILENCE_MS = 50_000; // the server says something every 20 seconds: after this it is gone
const LOOK_EVERY_MS = 15_000; // staff may step in by themselves
const LOOK_FOR_MS = 30 * 60_000; // so long after the visitor's last words; then nobody does

export class Live {
  /** @type {State} */ state = null;
  /** @type {object | null} */ #listening = null;
  /** @type {AbortController | null} */ #stream = null;
  #newest = 0;
  #typedAt = 0;
  #saidAt = 0;

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
  }

  /**
   * What the conversation held when it was opened. Answers of the bot do not count: what a person
   * wrote before them may still be on its way.
   * @param {Message[]} messages
   */
  saw(messages) {
    for (const { id, from, at } of messages) {
      if (from === "visitor") this.#saidAt = new Date(at).getTime();
      if (from === "staff") this.#newest = Math.max(this.#newest, Number(id) || 0);
    }
  }

  /** The visitor wrote, in this tab or another. */
  said() {
    this.#saidAt = Date.now();
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

  /** Until it is over; whatever breaks in between is opened anew. */
  async #listen() {
    if (this.#listening) return;
    const listening = {};
    this.#listening = listening;
    while (this.#listening === listening) {
      try {
        await this.#hear();
      } catch (failure) {
        // Of a conversation that is gone nobody will ever say that the talk has ended.
        if (failure instanceof api.Failure && failure.code === "no_conversation") this.forget();
      }
      if (this.#listening === listening) await new Promise((again) => setTimeout(again, RETRY_MS));
    }
  }

  /** One stream, until it ends or is silent for too long. */
  async #hear() {
    const stream = new AbortController();
    this.#stream = stream;
    let silence = 0;
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => stream.abort(), SILENCE_MS);
    };
    alive();
    try {
      const response = await api.events(this.#newest, stream.signal);
      await readEvents(response, (name, data) => this.#take(name, JSON.parse(data)), alive);
    } finally {
      clearTimeout(silence);
    }
  }

  /** @param {string} name of the event @param {any} data */
  #take(name, data) {
    if (name === "message") {
      this.#newest = Math.max(this.#newest, Number(data.id) || 0);
      this.listener.show(data);
    }
    if (name !== "handoff") return;
    this.#show(data.handoff);
    this.listener.typing(data.typing);
    if (!data.handoff) this.#close();
  }

  /** The conversation is gone. */
  forget() {
    this.#newest = this.#saidAt = 0;
    this.#show(null);
    this.#close();
  }

  #close() {
    this.#listening = null;
    this.#stream?.abort();
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
    this.listener.settle(state);
  }

  async #look() {
    const wroteLately = Date.now() - this.#saidAt < LOOK_FOR_MS;
    if (this.#listening || this.state || document.hidden || !wroteLately) return;
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
