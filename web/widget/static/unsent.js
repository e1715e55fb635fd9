// @ts-check
/** Messages on their way: kept in this tab only, and only until the server has them. */

/**
 * @typedef {object} Unsent
 * @property {string} key
 * @property {string} text
 * @property {number} [at] when it was written, in ms; 0 where it no longer goes by itself
 * @property {boolean} [hadHelp] help was shown for it, and is written down nowhere
 */

const PLACE = "unsent-messages";

/** @type {Unsent[]} where storage is switched off; then a reload forgets them */
let inMemory = [];

/** @returns {Unsent[]} */
export function unsent() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
  } catch {
    return inMemory;
  }
}

/** @param {Unsent} message */
export function keep(message) {
  write([...unsent().filter(({ key }) => key !== message.key), message]);
}

/** @param {string} gone */
export function forget(gone) {
  write(unsent().filter(({ key }) => key !== gone));
}

export function forgetAll() {
  write([]);
}

/** @param {Unsent[]} messages */
function write(messages) {
  inMemory = messages;
  try {
    if (messages.length) sessionStorage.setItem(PLACE, JSON.stringify(messages));
    else sessionStorage.removeItem(PLACE);
  } catch {
    // the chat works without it
  }
}
