// @ts-check
/** The conversation itself: begins it, sends what is said, and never loses a word. */
import * as api from "./api.js";
import { Composer } from "./composer.js";
import { ConversationLog } from "./conversation_log.js";
import { soundsLikeCrisis } from "./crisis.js";
import { Panel } from "./panel.js";
import { forget, keep, unsent } from "./unsent.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./unsent.js").Unsent} Unsent */
/** @typedef {import("./texts.en.js").Texts} Texts */

const HOPELESS = ["empty", "too_long"]; // the same words would be refused again

export class Chat {
  /** @type {Promise<void> | null} */ #begun = null;
  /** @type {Promise<void>} */ #queue = Promise.resolve();

  /** @param {Texts} texts @param {import("./help_lines.js").HelpLines} helpLines */
  constructor(texts, helpLines) {
    const say = (/** @type {string} */ text) => this.say(text);
    this.texts = texts;
    this.helpLines = helpLines;
    this.log = new ConversationLog(texts, helpLines, say);
    this.composer = new Composer(texts, say);
    const { composer, log } = this;
    const parts = [helpLines.bar, log.root, log.status, composer.root];
    this.panel = new Panel(texts, parts, composer.field, () => this.resume());
  }

  /** Shows the conversation so far, or the welcome. */
  async resume() {
    this.log.toEnd();
    if (this.#begun) return;
    this.log.showTyping(true);
    try {
      await this.#begin();
    } catch {
      this.log.markUnreachable(() => this.resume());
    } finally {
      this.log.showTyping(false);
    }
  }

  #begin() {
    this.#begun ??= this.#fetchHistory().catch((failure) => {
      this.#begun = null;
      throw failure;
    });
    return this.#begun;
  }

  async #fetchHistory() {
    const { messages, notice } = await api.begin();
    this.log.showHistory(messages, notice);
    this.#expectAnswerTo(messages);
    for (const message of unsent()) this.#showLeftOver(message);
  }

  /** @param {Unsent} message written before a reload, and perhaps never sent */
  #showLeftOver(message) {
    if (this.log.has(message.key)) return;
    this.log.showOwn(message);
    const { unreachable } = this.texts.failure;
    this.log.markFailed(message.key, unreachable, true, () => this.#send(message));
  }

  /** @param {string} text */
  say(text) {
    const message = { key: api.newKey(), text };
    if (soundsLikeCrisis(text)) {
      this.helpLines.open();
      this.log.announce(this.texts.crisis.shown);
    }
    this.panel.focus();
    this.log.showOwn(message);
    keep(message);
    this.#send(message);
  }

  /** Messages leave one after the other, in the order they were written. @param {Unsent} message */
  #send(message) {
    this.log.markOnItsWay(message.key);
    this.log.showTyping(true);
    this.#queue = this.#queue.then(() => this.#deliver(message));
  }

  /** @param {Unsent} message */
  async #deliver({ key, text }) {
    this.log.showTyping(true);
    try {
      await this.#begin();
      const { messages } = await api.send(text, key);
      forget(key);
      this.log.showTyping(false);
      this.log.receive(messages);
      this.#expectAnswerTo(messages);
    } catch (failure) {
      this.log.showTyping(false);
      this.#explain({ key, text }, failure);
    }
  }

  /** @param {Unsent} message @param {unknown} failure */
  #explain(message, failure) {
    const { unreachable, refused } = this.texts.failure;
    const again = () => this.#send(message);
    if (!(failure instanceof api.Failure && failure.refused)) {
      this.log.markFailed(message.key, unreachable, true, again);
      return;
    }
    const isHopeless = HOPELESS.includes(failure.code);
    if (isHopeless) forget(message.key);
    if (failure.status === 401) this.#begun = null; // the visit ran out: begin anew on the next try
    this.log.markFailed(message.key, failure.kindText || refused, false, isHopeless ? null : again);
  }

  /** @param {Message[]} messages */
  #expectAnswerTo(messages) {
    const last = messages.findLast(({ from }) => from !== "visitor");
    if (last) this.composer.expect(last.payload);
  }
}
