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

  /** The visitor looks: the line stays for this time, and is gone the next. */
  seen() {
    if (this.#count === 0) this.#line.remove();
    else this.#forgetCount();
  }

  /** @returns {HTMLElement | null} where reading goes on, if there is something that nobody has seen */
  get line() {
    return this.#count > 0 ? this.#line : null;
  }

  forget() {
    if (this.#count > 0) this.#forgetCount();
    this.#line.remove();
  }

  #forgetCount() {
    this.#count = 0;
    this.tell(0);
  }
}
