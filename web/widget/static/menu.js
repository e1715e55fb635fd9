// @ts-check
/** What visitors can do with their own conversation: keep it, have it sent, delete it. */
import { DeleteDialog } from "./delete_dialog.js";
import { button, element, icon } from "./elements.js";
import { EmailDialog } from "./email_dialog.js";
import { saved } from "./saving.js";
import { pageData } from "./texts.js";

/** @typedef {import("./texts.js").Texts} Texts */
/**
 * @typedef {object} Around
 * @property {import("./sound.js").Sound} sound
 * @property {import("./help_lines.js").HelpLines} helpLines
 * @property {(words: string) => void} announce
 * @property {() => Promise<void>} deleteIt says itself that it is done; fails if nothing was deleted
 * @property {() => void} whenLeft what was open is closed: give the focus back
 */

const FILE = "/api/conversation.txt";

export class Menu {
  /** @param {Texts} texts @param {Around} around */
  constructor(texts, around) {
    this.texts = texts;
    this.sound = around.sound;
    this.email = new EmailDialog(texts, around);
    this.deletion = new DeleteDialog(texts, around);
    this.opener = element(
      "button",
      {
        type: "button", class: "close", "aria-expanded": "false", "aria-controls": "menu",
        "aria-label": texts.menu.label, click: () => this.#toggle(this.list.hidden),
      },
      icon("more"),
    );
    this.says = element("p", { class: "menu-says", role: "status" });
    this.list = element("div", { id: "menu", class: "menu", hidden: true });
    this.list.append(...this.#items(), this.says);
    this.root = element("div", { class: "menu-place", keydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) });
    this.root.append(this.opener, this.list);
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Node && !this.root.contains(target)) this.#toggle(false);
    });
  }

  #items() {
    const { menu } = this.texts;
    const box = element("input", { type: "checkbox", change: () => this.sound.turn(box.checked) });
    box.checked = this.sound.isOn;
    return [
      button(menu.download, () => this.#save(), "item"),
      pageData.mail ? button(menu.email, () => this.#open(this.email), "item") : null,
      button(menu.delete, () => this.#open(this.deletion), "item"),
      element("label", { class: "item" }, box, menu.sound),
    ].filter((item) => item !== null);
  }

  /** The conversation is gone. */
  forget() {
    this.says.textContent = "";
    this.email.forget();
  }

  async #save() {
    this.says.textContent = "";
    const trouble = await saved(FILE, this.texts);
    this.says.textContent = trouble;
    if (!trouble) this.#close();
  }

  /** @param {{open: () => void}} dialog */
  #open(dialog) {
    this.#toggle(false);
    dialog.open();
  }

  #close() {
    this.#toggle(false);
    this.opener.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || this.list.hidden) return;
    event.preventDefault(); // or the whole chat would close
    this.#close();
  }

  /** @param {boolean} isOpen */
  #toggle(isOpen) {
    if (isOpen) this.says.textContent = "";
    this.list.hidden = !isOpen;
    this.opener.setAttribute("aria-expanded", String(isOpen));
  }
}
