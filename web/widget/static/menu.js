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
 * @property {boolean} isFramed
 * @property {(words: string) => void} announce
 * @property {(keptWithStaff: boolean) => void} whenDeleted
 * @property {() => void} whenLeft what was open is closed: give the focus back
 */

const FILE = "/api/conversation.txt";

export class Menu {
  /** @param {Texts} texts @param {Around} around */
  constructor(texts, around) {
    this.texts = texts;
    this.around = around;
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
    const { sound, isFramed, whenDeleted, whenLeft } = this.around;
    const email = new EmailDialog(this.texts, whenLeft);
    const deletion = new DeleteDialog(this.texts, whenDeleted, whenLeft);
    const box = element("input", { type: "checkbox", change: () => sound.turn(box.checked) });
    box.checked = sound.isOn;
    return [
      button(menu.download, () => this.#save(), "item"),
      pageData.mail ? button(menu.email, () => this.#open(email), "item") : null,
      button(menu.delete, () => this.#open(deletion), "item"),
      element("label", { class: "item" }, box, menu.sound),
      isFramed ? this.#window() : null,
    ].filter((item) => item !== null);
  }

  #window() {
    const attributes = { class: "item", href: location.pathname, target: "_blank", rel: "noopener" };
    return element("a", attributes, this.texts.menu.window);
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
