// @ts-check
/**
 * The page around us, if there is one: the loader (launcher/widget.js) shows and hides our frame.
 * Nothing that a visitor says is ever told to it.
 */

/** @typedef {{colour?: string, greeting?: string, source?: string | null, open?: boolean}} Settings */
/** @typedef {{settings: (settings: Settings) => void, opened: (takesFocus: boolean) => void, closed: () => void}} Listener */

const WAIT_MS = 3_000; // for the settings; without them we look as always

export class Host {
  constructor() {
    this.isThere = window.parent !== window;
  }

  /** @param {Listener} listener */
  listen(listener) {
    const none = setTimeout(() => this.#arrange(listener, { open: true }), WAIT_MS);
    window.addEventListener("message", ({ source, data }) => {
      if (source !== window.parent) return;
      if (data?.frontDesk === "settings") {
        clearTimeout(none);
        this.#arrange(listener, data);
      }
      if (data?.frontDesk === "opened") listener.opened(data.focus !== false);
      if (data?.frontDesk === "closed") listener.closed();
    });
    this.#tell("loaded");
  }

  /** @param {Listener} listener @param {Settings} settings */
  #arrange(listener, settings) {
    listener.settings(settings);
    this.#tell("ready");
  }

  close() {
    this.#tell("close");
  }

  /** @param {number} count of messages that came while nobody looked */
  unread(count) {
    this.#tell("unread", { count });
  }

  /** @param {boolean} here whether a person of the clinic waits or writes, so that we stay alive */
  person(here) {
    this.#tell("person", { here });
  }

  /** @param {string} word @param {object} [more] */
  #tell(word, more = {}) {
    // To whoever may hold our frame: the server lets only the clinic's own pages do so.
    if (this.isThere) window.parent.postMessage({ frontDesk: word, ...more }, "*");
  }
}
