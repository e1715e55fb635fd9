// @ts-check
/** Sends what the visitor says, one after the other, and never loses or doubles a word. */
import * as api from "./api.js";
import { showsHelp } from "./bot_message.js";
import { Resending } from "./resending.js";
import { forget, keep } from "./unsent.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./conversation_log.js").Trouble} Trouble */
/** @typedef {import("./first_line.js").Alarm} Alarm */
/** @typedef {import("./live.js").State} State */
/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {import("./unsent.js").Unsent} Unsent */
/**
 * @typedef {object} Around
 * @property {import("./conversation_log.js").ConversationLog} log
 * @property {import("./first_line.js").FirstLine} firstLine
 * @property {import("./connection.js").Connection} connection
 * @property {() => Promise<void>} begin the conversation, if it is not
 * @property {() => Promise<void>} beginAnew as the one that we had has ended
 * @property {() => void} think show that an answer is on its way
 * @property {() => void} focus the place where one writes
 * @property {(alarm: Alarm, key: string) => void} help at once, without a server
 * @property {(answer: api.Answer, key: string) => void} show
 */

const HOPELESS = ["empty", "too_long"]; // the same words would be refused again
const PATIENCE_MS = 1200; // so long words of danger wait for an answer; then we help ourselves
const ENDED = "no_conversation";

export class Delivery {
  /** @type {Promise<unknown>} */ #queue = Promise.resolve();
  #underWay = 0;
  #life = {}; // one conversation; what comes back after it was deleted is shown to nobody

  /** @param {Texts} texts @param {Around} around */
  constructor(texts, around) {
    this.texts = texts;
    this.around = around;
    const leave = (/** @type {Unsent} */ message) => this.#fail(message, texts.failure.unreachable);
    const isUrgent = (/** @type {Unsent} */ { text, hadHelp }) =>
      hadHelp === true || around.firstLine.find(text) !== null;
    // Words of danger are sent again and again: the help stands there, and nothing may flicker.
    const again = (/** @type {Unsent} */ message) =>
      isUrgent(message) ? this.#deliver(message, this.#life, true) : this.#send(message);
    this.resending = new Resending(again, leave, isUrgent);
  }

  /** The visitor sends this, for the first time or again. @param {Unsent} message */
  send(message) {
    this.resending.take(message);
    this.around.focus(); // the button just pressed is about to go
    this.#send(message);
  }

  /** Whether an answer is waited for, which shows by itself when it is there. */
  get isWaiting() {
    return this.#underWay > 0;
  }

  /** What had no answer when the page was left. @param {Unsent} message */
  takeUp(message) {
    this.around.log.showOwn(message);
    this.#fail(message, this.texts.failure.unreachable);
    this.resending.later(message);
  }

  /** The conversation is no more: nothing of it is sent, and no answer to it is shown. */
  stop() {
    this.#life = {};
    this.#queue = Promise.resolve();
    this.resending.stop();
  }

  /**
   * Messages leave in the order in which they were written. Only words of danger do not wait
   * behind a message that hangs.
   * @param {Unsent} message
   */
  #send(message) {
    this.around.log.markOnItsWay(message.key);
    this.around.think();
    const life = this.#life;
    const alarm = this.around.firstLine.find(message.text);
    if (!alarm) {
      this.#queue = this.#queue.then(() => this.#deliver(message, life));
      return;
    }
    const impatience = setTimeout(() => this.around.help(alarm, message.key), PATIENCE_MS);
    const delivery = this.#deliver(message, life).finally(() => clearTimeout(impatience));
    this.#queue = Promise.all([this.#queue, delivery]);
  }

  /**
   * @param {Unsent} message @param {object} life
   * @param {boolean} isQuiet nothing on the screen changes before there is an answer
   */
  async #deliver(message, life, isQuiet = false) {
    if (life !== this.#life) return;
    if (!isQuiet) this.around.think();
    this.#underWay += Number(!isQuiet);
    let answer;
    try {
      answer = await this.#arrive(message, life);
    } catch (failure) {
      if (life !== this.#life) return;
      if (isQuiet) this.resending.later(message);
      else this.#explain(message, failure);
      return;
    } finally {
      this.#underWay -= Number(!isQuiet);
    }
    if (!answer || life !== this.#life) return;
    this.#take(message, answer);
  }

  /** @param {Unsent} message @param {api.Answer} answer */
  #take(message, answer) {
    this.around.log.unmark(message.key);
    if (answer.kept === false) this.#waitUntilKept(message, answer);
    else forget(message.key);
    this.resending.answered(message);
    this.around.show(answer, message.key);
  }

  /**
   * What the server could not write down waits here. The visitor may send it again when the page is
   * opened anew; as an old one it does not go by itself, for by then another may be asked. But what
   * was answered with help goes again until it is written down, or staff would never hear of it.
   * @param {Unsent} message @param {api.Answer} answer
   */
  #waitUntilKept(message, { messages }) {
    const hadHelp = messages.some(showsHelp);
    const waiting = { ...message, at: 0, ...(hadHelp && { hadHelp }) };
    keep(waiting);
    if (this.resending.isUrgent(waiting)) this.resending.later(waiting);
  }

  /** @param {Unsent} message @param {object} life @returns the answer; none if nobody waits for it */
  async #arrive({ text, key }, life) {
    await this.around.begin();
    try {
      return life === this.#life ? await api.send(text, key) : null;
    } catch (failure) {
      if (!(failure instanceof api.Failure && failure.code === ENDED)) throw failure;
      if (life !== this.#life) return null;
      // Words of crisis must not wait until someone opens the chat again: begin anew at once.
      await this.around.beginAnew();
      return life === this.#life ? await api.send(text, key) : null;
    }
  }

  /** @param {Unsent} message @param {unknown} failure */
  #explain(message, failure) {
    this.around.log.showTyping(false);
    const { refused, codes } = this.texts.failure;
    if (!(failure instanceof api.Failure && failure.refused)) {
      const goesByItself = this.resending.later(message);
      this.#fail(message, this.#whyUnreachable(failure, goesByItself));
      return;
    }
    const isHopeless = HOPELESS.includes(failure.code);
    if (isHopeless) forget(message.key);
    const reason = codes[failure.code] ?? (failure.kindText || refused.reason);
    this.#fail(message, { ...refused, reason }, !isHopeless);
  }

  /** @param {unknown} failure @param {boolean} goesByItself @returns {Trouble} */
  #whyUnreachable(failure, goesByItself) {
    const { waiting, offline } = this.texts.connection;
    if (goesByItself && this.around.connection.isOffline) return { mark: waiting, reason: offline };
    const { unreachable, codes } = this.texts.failure;
    const said = failure instanceof api.Failure ? codes[failure.code] : undefined;
    return said ? { ...unreachable, reason: said } : unreachable;
  }

  /** @param {Unsent} message @param {Trouble} trouble @param {boolean} [canBeTriedAgain] */
  #fail(message, trouble, canBeTriedAgain = true) {
    const alarm = this.around.firstLine.find(message.text);
    const again = canBeTriedAgain ? () => this.send(message) : null;
    this.around.log.markFailed(message.key, trouble, again, !alarm);
    if (alarm) this.around.help(alarm, message.key);
  }
}
