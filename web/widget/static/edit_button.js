// @ts-check
/** The button under the visitor's own newest message, to say it in another way. */
import { button } from "./elements.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {(text: string, isAnswer: boolean) => void} Edit  of a question, or words of their own */

const SAID_AGAIN = ["answer", "fallback", "text"]; // after these the same words can be put anew

export class EditButton {
  #asked = 0; // the number of the question before

  /** @param {{label: string, answer: string}} texts @param {Edit} edit */
  constructor(texts, edit) {
    this.texts = texts;
    this.text = "";
    this.isAnswer = false;
    this.root = button("", () => edit(this.text, this.isAnswer), "quiet edit");
  }

  /**
   * An answer can be changed if it was taken: then the questions went on by it. After a question in
   * between, a step back or an answer that was not understood, the same or an earlier one is asked.
   * @param {HTMLElement | undefined} own the visitor's newest message
   * @param {Message} answer what was said after it
   */
  offer(own, { from, payload }) {
    this.hide();
    const number = payload?.type === "question" ? (payload.number ?? 0) : 0;
    this.isAnswer = number > Math.max(1, this.#asked);
    if (payload?.type === "question" || payload?.type === "outcome") this.#asked = number;
    const canBeSaidAgain = from === "bot" && SAID_AGAIN.includes(payload?.type ?? "text");
    if (!own || !(this.isAnswer || canBeSaidAgain)) return;
    this.text = own.dataset.text ?? "";
    this.root.textContent = this.isAnswer ? this.texts.answer : this.texts.label;
    own.append(this.root);
  }

  hide() {
    this.root.remove();
  }

  forget() {
    this.#asked = 0;
  }
}
