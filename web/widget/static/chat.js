// @ts-check
/** The conversation itself: begins it, sends what is said, and never loses a word. */
import * as api from "./api.js";
import { Composer } from "./composer.js";
import { ConversationLog } from "./conversation_log.js";
import { Feedback } from "./feedback.js";
import { Live } from "./live.js";
import { Panel } from "./panel.js";
import { forget, keep, unsent } from "./unsent.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./unsent.js").Unsent} Unsent */
/** @typedef {import("./texts.en.js").Texts} Texts */
/** @typedef {import("./conversation_log.js").Trouble} Trouble */

const HAVE_LINES = ["crisis", "check_in"]; // these show the lines that fit best themselves
const HOPELESS = ["empty", "too_long"]; // the same words would be refused again
const PATIENCE_MS = 1200; // so long words of danger wait for an answer; then we help ourselves

export class Chat {
  /** @type {Promise<void> | null} */ #begun = null;
  /** @type {Promise<unknown>} */ #queue = Promise.resolve();

  /**
   * @param {Texts} texts
   * @param {import("./help_lines.js").HelpLines} helpLines
   * @param {import("./first_line.js").FirstLine} firstLine
   */
  constructor(texts, helpLines, firstLine) {
    const say = (/** @type {string} */ text) => this.say(text);
    this.texts = texts;
    this.helpLines = helpLines;
    this.firstLine = firstLine;
    this.log = new ConversationLog(texts, helpLines, say);
    const isDanger = (/** @type {string} */ text) => firstLine.find(text) !== null;
    this.composer = new Composer(texts, say, isDanger, () => this.live.typing());
    const { composer, log } = this;
    const person = {
      show: (/** @type {Message} */ message) => this.#showPersons(message),
      typing: (/** @type {boolean} */ isTyping) => log.showTyping(isTyping, texts.person.typing),
      settle: (/** @type {import("./live.js").State} */ state) => this.#introduce(state),
    };
    this.live = new Live(texts, person, () => this.panel.isOpen);
    const announce = (/** @type {string} */ words) => log.announce(words);
    this.feedback = new Feedback(texts, announce, () => this.panel.focus());
    const bars = [this.live.bar, this.feedback.bar];
    const parts = [helpLines.bar, log.root, log.status, ...bars, composer.root];
    this.panel = new Panel(texts, parts, composer.field, () => this.resume());
  }

  /** Shows the conversation so far, or the welcome. */
  async resume() {
    this.log.toNewest();
    if (this.#begun) return;
    this.log.showTyping(true);
    try {
      await this.#begin();
    } catch {
      this.log.markUnreachable(() => {
        this.panel.focus();
        this.resume();
      });
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
    const { messages, notice, handoff } = await api.begin();
    const leftOver = unsent().filter(({ key }) => !this.log.has(key));
    this.#expectAnswerTo(messages);
    this.log.showHistory(messages.length ? messages : [this.#welcome()], notice);
    for (const message of leftOver) this.#showLeftOver(message, messages, handoff === "live");
    this.live.saw(messages);
    this.live.settle(handoff);
    this.feedback.remember(messages);
  }

  /** @param {Message} message */
  #showPersons(message) {
    this.log.receiveUnasked(message);
    this.feedback.saw([message]);
    if (message.from !== "staff") return;
    this.composer.expect(null);
    this.panel.beckon();
  }

  /** @param {import("./live.js").State} person */
  #introduce(person) {
    this.panel.introduce(person);
    this.composer.address(person === "live" ? this.texts.person.placeholder : null);
  }

  /** @returns {Message} */
  #welcome() {
    const { text, suggestions } = this.texts.welcome;
    const at = new Date().toISOString();
    return { id: "welcome", from: "bot", at, text, payload: { type: "text", suggestions } };
  }

  /**
   * @param {Unsent} message on its way when the page was reloaded
   * @param {Message[]} history where it may have arrived after all, with or without an answer
   * @param {boolean} isLive whether a person has read it
   */
  #showLeftOver(message, history, isLive) {
    const place = history.findIndex(({ id }) => id === message.key);
    const after = history.slice(place + 1);
    const isAnswered = place >= 0 && (isLive || after.some(({ from }) => from !== "visitor"));
    if (isAnswered) {
      forget(message.key);
      return;
    }
    this.log.showOwn(message);
    this.#fail(message, this.texts.failure.unreachable, () => this.#send(message));
  }

  /** @param {string} text */
  say(text) {
    const message = { key: api.newKey(), text };
    if (this.firstLine.find(text)) {
      this.feedback.stop();
      this.helpLines.open();
      this.log.announce(this.texts.crisis.shown);
    }
    this.log.showOwn(message);
    this.live.said();
    keep(message);
    this.#send(message);
  }

  /**
   * Messages leave one after the other, in the order they were written. Only words of danger do
   * not wait behind a message that hangs.
   * @param {Unsent} message
   */
  #send(message) {
    this.panel.focus(); // the button just pressed is about to go
    this.log.markOnItsWay(message.key);
    this.#showThinking();
    const alarm = this.firstLine.find(message.text);
    if (!alarm) {
      this.#queue = this.#queue.then(() => this.#deliver(message));
      return;
    }
    const impatience = setTimeout(() => this.#helpOurselves(alarm, message.key), PATIENCE_MS);
    const delivery = this.#deliver(message).finally(() => clearTimeout(impatience));
    this.#queue = Promise.all([this.#queue, delivery]);
  }

  /** @param {import("./first_line.js").Alarm} alarm @param {string} key of the message */
  #helpOurselves(alarm, key) {
    this.log.showOwnHelp(alarm, this.firstLine, key, this.live.state === "live");
    this.helpLines.fold(); // the card has the two lines that matter most
  }

  /** @param {Unsent} message @param {Trouble} trouble @param {(() => void) | null} again */
  #fail(message, trouble, again) {
    const alarm = this.firstLine.find(message.text);
    this.log.markFailed(message.key, trouble, again, !alarm);
    if (alarm) this.#helpOurselves(alarm, message.key);
  }

  /** @param {Unsent} message */
  async #deliver({ key, text }) {
    this.#showThinking();
    try {
      const { messages, handoff } = await this.#arrive(text, key);
      forget(key);
      if (handoff !== "live") this.log.showTyping(false);
      this.live.settle(handoff);
      // What changes the height of the log comes before it looks for the place to show.
      this.#expectAnswerTo(messages);
      // The card in the conversation has the lines now, those that fit best first.
      const kinds = messages.map(({ payload }) => payload?.type ?? "");
      if (kinds.some((kind) => HAVE_LINES.includes(kind))) this.helpLines.fold();
      this.log.receive(messages, key);
      this.feedback.saw(messages);
    } catch (failure) {
      this.log.showTyping(false);
      this.#explain({ key, text }, failure);
    }
  }

  /** The assistant is at it; while a person writes here, only their own signs of typing count. */
  #showThinking() {
    if (this.live.state !== "live") this.log.showTyping(true);
  }

  /** @param {string} text @param {string} key */
  async #arrive(text, key) {
    await this.#begin();
    try {
      return await api.send(text, key);
    } catch (failure) {
      const hasEnded = failure instanceof api.Failure && failure.code === "no_conversation";
      if (!hasEnded) throw failure;
      // Words of crisis must not wait until someone opens the chat again: begin anew at once.
      this.#begun = null;
      await this.#begin();
      return api.send(text, key);
    }
  }

  /** @param {Unsent} message @param {unknown} failure */
  #explain(message, failure) {
    const { unreachable, refused } = this.texts.failure;
    const again = () => this.#send(message);
    if (!(failure instanceof api.Failure && failure.refused)) {
      this.#fail(message, unreachable, again);
      return;
    }
    const isHopeless = HOPELESS.includes(failure.code);
    if (isHopeless) forget(message.key);
    const reason = failure.kindText || refused.reason;
    this.#fail(message, { ...refused, reason }, isHopeless ? null : again);
  }

  /** @param {Message[]} messages */
  #expectAnswerTo(messages) {
    const last = messages.findLast(({ from }) => from !== "visitor");
    if (last) this.composer.expect(last.payload);
  }
}
