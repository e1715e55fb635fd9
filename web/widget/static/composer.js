// @ts-check
/** Where the visitor writes. Enter sends, Shift+Enter starts a new line. */
import { button, element, icon } from "./elements.js";
import { counted } from "./texts.js";

/** @typedef {import("./bot_message.js").Payload} Payload */
/** @typedef {import("./texts.js").Texts} Texts */

const LONGEST = 2000;
const LONGEST_WITH_DANGER = 8000; // the server takes a cry for help of any length up to about this
const COUNT_FROM = 1800;
const TOUCH = matchMedia("(pointer: coarse)");

/** @typedef {{mode: string, fill: string}} Keyboard  what it shows, and what the browser fills in */
const PLAIN = { mode: "text", fill: "off" };
/** @type {Record<string, Keyboard | undefined>} by the field that a question asks for */
const KEYBOARDS = {
  name: { mode: "text", fill: "name" },
  phone: { mode: "tel", fill: "tel" },
  email: { mode: "email", fill: "email" },
};

export class Composer {
  /**
   * @param {Texts} texts
   * @param {import("./question.js").Say} say
   * @param {(text: string) => boolean} soundsLikeDanger such a message is never held back
   * @param {() => void} whenTyping
   */
  constructor(texts, say, soundsLikeDanger, whenTyping) {
    this.texts = texts.composer;
    this.say = say;
    this.soundsLikeDanger = soundsLikeDanger;
    this.field = element("textarea", {
      rows: 1,
      "aria-label": this.texts.label,
      placeholder: this.texts.placeholder,
      enterkeyhint: "send",
      autocomplete: "off",
      input: () => {
        this.#settle();
        if (this.field.value) whenTyping();
      },
      keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.letters = button(this.texts.letters, () => this.#showLetters(), "quiet letters");
    this.letters.hidden = true;
    this.count = element("p", { class: "count", role: "status" });
    this.send = element(
      "button",
      { type: "submit", class: "send", "aria-label": this.texts.send, disabled: true },
      icon("send"),
    );
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#submit();
    };
    this.root = element("form", { class: "composer", novalidate: true, submit });
    this.root.append(this.letters, this.count, this.field, this.send);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While a word is being composed (Japanese, for one), Enter belongs to the keyboard.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.field.value.trim();
    if (!text || text.length > this.#longest(text)) return;
    this.field.value = "";
    this.#settle();
    this.say(text);
  }

  #settle() {
    const { field } = this;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + 2}px`;
    const text = field.value.trim();
    const { length } = text;
    const left = this.#longest(text) - length;
    this.send.disabled = length === 0 || left < 0;
    this.count.classList.toggle("over", left < 0);
    if (length < COUNT_FROM) this.count.textContent = "";
    else this.count.textContent = left < 0 ? counted(this.texts.over, -left) : counted(this.texts.left, left);
  }

  /** @param {string} text */
  #longest(text) {
    return text.length > LONGEST && this.soundsLikeDanger(text) ? LONGEST_WITH_DANGER : LONGEST;
  }

  /**
   * Gives the phone the right keyboard for the question asked. Numbers are asked with the letters
   * there: "twenty five" is an answer too.
   * @param {Payload | null | undefined} payload
   */
  expect(payload) {
    const { mode, fill } = KEYBOARDS[payload?.type === "question" ? payload.field : ""] ?? PLAIN;
    this.field.setAttribute("inputmode", mode);
    this.field.setAttribute("autocomplete", fill);
    this.letters.hidden = mode !== "tel" || !TOUCH.matches;
  }

  /** Words to be changed and sent again. @param {string} text */
  fill(text) {
    this.field.value = text;
    this.#settle();
    this.field.setSelectionRange(text.length, text.length);
  }

  /** @param {string | null} words who reads it, if it is not the assistant */
  address(words) {
    this.field.placeholder = words ?? this.texts.placeholder;
  }

  /** Whoever is asked for a number may have something else to say. */
  #showLetters() {
    this.expect(null);
    this.field.blur(); // the keyboard changes only when it opens
    this.field.focus();
  }
}
