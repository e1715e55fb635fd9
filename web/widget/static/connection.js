// @ts-check
/** Says so when the visitor's device is offline, and tells when it is back. */
import { element } from "./elements.js";

/** @typedef {import("./texts.js").Texts} Texts */

export class Connection {
  /** @param {Texts} texts @param {(words: string) => void} announce @param {() => void} whenBack */
  constructor(texts, announce, whenBack) {
    this.bar = element("p", { class: "offline", role: "status" });
    addEventListener("offline", () => this.#show(texts.connection.offline));
    addEventListener("online", () => {
      this.#show("");
      announce(texts.connection.back);
      whenBack();
    });
    if (this.isOffline) this.#show(texts.connection.offline);
  }

  get isOffline() {
    return navigator.onLine === false;
  }

  /** @param {string} words */
  #show(words) {
    this.bar.textContent = words;
  }
}
