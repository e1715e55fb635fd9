// @ts-check
/** What came while nobody looked: a line above it, and a count for the button that opens us. */
import { element } from "./elements.js";

export class Unread {
  #count = 0;
  #line;

  /** @param {string} words of the line @param {(count: number) => void} tell */
  constructor(words, tell) {
    this.tell = tell;
    this.#line = element("p", { class: "unread" }, element("span", {}, words));
  }

  /** @param {Element} node of a message that nobody has seen */
  add(node) {
    if (this.#count === 0) node.before(this.#line);
    this.#count += 1;
    this.tell(this.#count);
  }

  /** The visitor looks; the line stays until something new is said. */
  seen() {
    if (this.#count === 0) return;
    this.#count = 0;
    this.tell(0);
  }

  /** @returns {HTMLElement | null} where reading goes on */
  get line() {
    return this.#line.isConnected ? this.#line : null;
  }

  forget() {
    this.seen();
    this.#line.remove();
  }
}
