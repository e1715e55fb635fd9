// @ts-check
/**
 * Sends once more by itself what got no answer: when the device is back online, or after a moment.
 * Under the same key it stays one message. It never overtakes what was said after it, and what is
 * old is left to the visitor: by now another question may be open. Only words of danger are sent
 * again until they arrive: whatever else was said, staff must hear of them.
 */

/** @typedef {import("./unsent.js").Unsent} Unsent */

const AFTER_MS = 4_000;
const LONGEST_WAIT_MS = 60_000;
const FRESH_MS = 10 * 60_000;

export class Resending {
  /** @type {Map<string, {message: Unsent, timer: number}>} by key */ #waiting = new Map();
  /** @type {Map<string, number>} how often each was sent again by itself, by key */ #tried = new Map();

  /**
   * @param {(message: Unsent) => void} send
   * @param {(message: Unsent) => void} leave to the visitor
   * @param {(message: Unsent) => boolean} isUrgent
   */
  constructor(send, leave, isUrgent) {
    this.send = send;
    this.leave = leave;
    this.isUrgent = isUrgent;
  }

  /** @param {Unsent} message @returns {boolean} whether it will be sent by itself */
  later(message) {
    const tries = this.#tried.get(message.key) ?? 0;
    if (!this.isUrgent(message) && (isOld(message) || tries > 0)) return false;
    const wait = Math.min(AFTER_MS * 2 ** tries, LONGEST_WAIT_MS);
    const timer = navigator.onLine ? setTimeout(() => this.#try(message), wait) : 0;
    this.#waiting.set(message.key, { message, timer });
    return true;
  }

  /** The device is online again. */
  now() {
    for (const { message } of [...this.#waiting.values()]) this.#try(message);
  }

  /** The visitor sends it. @param {Unsent} message */
  take({ key }) {
    this.#drop(key);
    this.#tried.delete(key);
  }

  /** This one was answered: what was said before it no longer goes by itself. @param {Unsent} later */
  answered({ at = 0 }) {
    for (const { message } of [...this.#waiting.values()]) {
      if ((message.at ?? 0) < at && !this.isUrgent(message)) this.#give(message);
    }
  }

  stop() {
    for (const key of [...this.#waiting.keys()]) this.#drop(key);
  }

  /** @param {Unsent} message */
  #try(message) {
    if (isOld(message) && !this.isUrgent(message)) {
      this.#give(message);
      return;
    }
    this.#drop(message.key);
    this.#tried.set(message.key, (this.#tried.get(message.key) ?? 0) + 1);
    this.send(message);
  }

  /** @param {Unsent} message */
  #give(message) {
    this.#drop(message.key);
    this.leave(message);
  }

  /** @param {string} key */
  #drop(key) {
    clearTimeout(this.#waiting.get(key)?.timer);
    this.#waiting.delete(key);
  }
}

/** @param {Unsent} message */
const isOld = ({ at = 0 }) => Date.now() - at > FRESH_MS;
