// @ts-check
/** Sends the conversation by e-mail: first a code, so that nothing goes to a wrong address. */
import * as api from "./api.js";
import { Dialog } from "./dialog.js";
import { button, element } from "./elements.js";
import { fill } from "./texts.js";

/** @typedef {import("./texts.js").Texts} Texts */

const DIGITS = /^\d{6}$/;

export class EmailDialog {
  #address = "";

  /** @param {Texts} texts @param {import("./menu.js").Around} around */
  constructor(texts, { whenLeft, helpLines }) {
    this.texts = texts.email;
    this.failed = texts.saving.failed;
    this.menu = texts.menu;
    this.dialog = new Dialog(texts.email.title, texts.menu.cancel, whenLeft, helpLines.sentence());
  }

  /** The conversation is gone: whoever sits here next does not find the address. */
  forget() {
    this.#address = "";
    this.dialog.content.replaceChildren();
    if (this.dialog.root.open) this.dialog.root.close();
  }

  open() {
    const { explain, address, sendCode } = this.texts;
    this.dialog.leave.textContent = this.menu.cancel;
    const field = input({ type: "email", autocomplete: "email", value: this.#address });
    this.dialog.show(
      element("p", {}, explain),
      form(field, address, sendCode, () => this.#askForCode(field)),
    );
  }

  /** @param {HTMLInputElement} field */
  async #askForCode(field) {
    this.#address = field.value.trim();
    if (!this.#address || !field.checkValidity()) {
      this.#complain(field, this.texts.noAddress);
      return;
    }
    await this.#try(field, () => api.askForCode(this.#address), () => this.#askTheCode());
  }

  #askTheCode() {
    const { codeSent, code, send, again } = this.texts;
    const field = input({ type: "text", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 7 });
    this.dialog.show(
      element("p", {}, fill(codeSent, { address: this.#address })),
      form(field, code, send, () => this.#sendCode(field)),
      button(again, () => this.open(), "quiet"),
    );
  }

  /** @param {HTMLInputElement} field */
  async #sendCode(field) {
    const digits = field.value.replace(/\s/g, "");
    if (!DIGITS.test(digits)) {
      this.#complain(field, this.texts.noCode);
      return;
    }
    await this.#try(field, () => api.sendCode(digits), () => this.#sent());
  }

  #sent() {
    const words = element("p", { role: "status" }, fill(this.texts.sent, { address: this.#address }));
    this.dialog.leave.textContent = this.menu.back;
    this.dialog.show(words);
  }

  /** @param {HTMLInputElement} field @param {() => Promise<unknown>} deed @param {() => void} then */
  async #try(field, deed, then) {
    const { failure, isLeft } = await this.dialog.busy(deed);
    if (isLeft) return;
    if (failure instanceof api.Failure && failure.code === "code_expired") {
      this.open(); // that code can do no more: another one is needed
      this.dialog.trouble.textContent = this.texts.codes.code_expired;
    } else if (failure) this.#complain(field, this.#why(/** @type {api.Failure} */ (failure)));
    else then();
  }

  /** @param {api.Failure} failure */
  #why({ code, kindText, refused }) {
    return this.texts.codes[code] ?? (refused && kindText ? kindText : this.failed);
  }

  /** @param {HTMLInputElement} field @param {string} words */
  #complain(field, words) {
    this.dialog.trouble.textContent = words;
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

/** @param {Record<string, unknown>} attributes */
function input(attributes) {
  return element("input", { required: true, spellcheck: "false", ...attributes });
}

/** @param {HTMLInputElement} field @param {string} label @param {string} send @param {() => void} deed */
function form(field, label, send, deed) {
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    deed();
  };
  const root = element("form", { novalidate: true, submit });
  const press = element("button", { type: "submit", class: "primary" }, send);
  root.append(element("label", {}, element("span", {}, label), field), press);
  return root;
}
