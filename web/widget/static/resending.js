// @ts-check
/**
 * Sends once more by itself what got no answer: when the device is back online, or after a moment.
 * Under the same key it stays one message. After that it is the visitor's to try again.
 */

/** @typedef {import("./unsent.js").Unsent} Unsent */

const AFTER_MS = 4_000;
const FRESH_MS = 10 * 60_000; // older words may answer a question that is no longer asked

export class Resending {
  /** @type {Map<string, {message: Unsent, timer: number}>} by key */ #waiting = new Map();
  /** @type {Set<string>} keys of what was sent again */ #tried = new Set();

  /** @param {(message: Unsent) => void} send */
  constructor(send) {
    this.send = send;
  }

  /** @param {Unsent} message */
  later(message) {
    const isOld = Date.now() - (message.at ?? 0) > FRESH_MS;
    if (isOld || this.#tried.has(message.key)) return;
    const timer = navigator.onLine ? setTimeout(() => this.#send(message), AFTER_MS) : 0;
    this.#waiting.set(message.key, { message, timer });
  }

  /** The device is online again. */
  now() {
    for (const { message } of [...this.#waiting.values()]) this.#send(message);
  }

  /** @param {Unsent} [message] all, if none is named */
  stop(message) {
    for (const [key, { timer }] of [...this.#waiting]) {
      if (message && message.key !== key) continue;
      clearTimeout(timer);
      this.#waiting.delete(key);
    }
  }

  /** @param {Unsent} message */
  #send(message) {
    this.stop(message);
    this.#tried.add(message.key);
    this.send(message);
  }
}
