// @ts-check
/** A small window over the chat: a title, words, what can be done, a way out, and the help lines. */
import { button, element } from "./elements.js";

/** @typedef {{failure: unknown, isLeft: boolean}} End  whether it was closed before the deed was done */

export class Dialog {
  #openings = 0;
  #isBusy = false;

  /**
   * @param {string} title @param {string} cancel @param {() => void} whenLeft
   * @param {Node | null} help the bar behind this window cannot be pressed while it is open
   */
  constructor(title, cancel, whenLeft, help) {
    const heading = element("h2", { id: `dialog-${++Dialog.count}` }, title);
    this.content = element("div");
    this.trouble = element("p", { class: "trouble", role: "alert" });
    this.leave = button(cancel, () => this.root.close(), "quiet");
    this.root = element("dialog", { "aria-labelledby": heading.id, close: whenLeft });
    this.root.append(heading, this.content, this.trouble, this.leave);
    if (help) this.root.append(element("div", { class: "help-foot" }, help));
    this.content.addEventListener("click", (event) => this.#guard(event), true);
    document.body.append(this.root);
  }

  static count = 0;

  /** @param {...(Node | string)} parts */
  show(...parts) {
    this.trouble.textContent = "";
    this.content.replaceChildren(...parts);
    this.#mark(false);
    if (!this.root.open) {
      this.#openings += 1;
      this.root.showModal();
    }
    const first = this.content.querySelector("input");
    (first ?? this.content.querySelector("button") ?? this.leave).focus();
  }

  /**
   * Nothing can be pressed twice while it is under way; it can be left all the same.
   * @param {() => Promise<unknown>} deed @returns {Promise<End>}
   */
  async busy(deed) {
    const opening = this.#openings;
    let failure = null;
    this.trouble.textContent = "";
    this.#mark(true);
    try {
      await deed();
    } catch (reason) {
      failure = reason;
    }
    const isLeft = !this.root.open || opening !== this.#openings;
    if (!isLeft) this.#mark(false);
    return { failure, isLeft };
  }

  /** @param {boolean} isBusy */
  #mark(isBusy) {
    this.#isBusy = isBusy;
    this.content.setAttribute("aria-busy", String(isBusy));
    // What is truly disabled loses the focus, and the next Escape would close the whole chat.
    for (const node of this.content.querySelectorAll("button, input")) {
      node.setAttribute("aria-disabled", String(isBusy));
      if (node instanceof HTMLInputElement) node.readOnly = isBusy;
    }
  }

  /** Enter in a field is a press of its button, too. @param {Event} event */
  #guard(event) {
    if (!this.#isBusy) return;
    event.preventDefault();
    event.stopPropagation();
  }
}
