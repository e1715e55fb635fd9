// @ts-check
/** A small window over the chat: a title, words, what can be done, and a way out. */
import { button, element } from "./elements.js";

export class Dialog {
  /** @param {string} title @param {string} cancel @param {() => void} whenLeft */
  constructor(title, cancel, whenLeft) {
    const heading = element("h2", { id: `dialog-${++Dialog.count}` }, title);
    this.content = element("div");
    this.trouble = element("p", { class: "trouble", role: "alert" });
    this.leave = button(cancel, () => this.root.close(), "quiet");
    this.root = element("dialog", {
      "aria-labelledby": heading.id,
      close: whenLeft,
      // Escape belongs to this window; the chat behind it stays.
      keydown: (/** @type {KeyboardEvent} */ event) => event.stopPropagation(),
    });
    this.root.append(heading, this.content, this.trouble, this.leave);
    document.body.append(this.root);
  }

  static count = 0;

  /** @param {...(Node | string)} parts */
  show(...parts) {
    this.trouble.textContent = "";
    this.content.replaceChildren(...parts);
    if (!this.root.open) this.root.showModal();
    const first = this.content.querySelector("input");
    (first ?? this.content.querySelector("button") ?? this.leave).focus();
  }

  /**
   * Nothing can be pressed twice while it is under way.
   * @template T @param {() => Promise<T>} deed
   */
  async busy(deed) {
    this.trouble.textContent = "";
    this.root.inert = true;
    try {
      return await deed();
    } finally {
      this.root.inert = false;
    }
  }
}
