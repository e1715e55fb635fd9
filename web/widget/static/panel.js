// @ts-check
/** The button in the corner and the panel it opens. */
import { element, icon } from "./elements.js";

/** @typedef {import("./texts.en.js").Texts} Texts */

// The same condition as in widget.css, where the panel then fills the screen.
const FULL_SCREEN = matchMedia("(max-width: 560px), (max-height: 520px)");
const TOUCH = matchMedia("(pointer: coarse)");

export class Panel {
  /** @type {Element | null} */ #cameFrom = null;

  /**
   * @param {Texts} texts
   * @param {HTMLElement[]} parts from top to bottom
   * @param {HTMLElement} field where one writes
   * @param {() => void} whenOpened
   */
  constructor(texts, parts, field, whenOpened) {
    this.texts = texts;
    this.field = field;
    this.whenOpened = whenOpened;
    this.launcher = element(
      "button",
      { type: "button", class: "launcher", "aria-expanded": "false", click: () => this.open() },
      icon("chat"),
      element("span", {}, texts.launcher),
    );
    this.title = element("h2", { id: "chat-title", tabindex: -1 });
    this.introduce(null);
    const close = element(
      "button",
      { type: "button", class: "close", "aria-label": texts.close, click: () => this.close() },
      icon("close"),
    );
    this.root = element("section", {
      class: "chat",
      role: "dialog",
      "aria-labelledby": "chat-title",
      hidden: true,
      keydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape") this.close();
      },
    });
    const mark = element("span", { class: "mark" }, icon("leaf"));
    this.root.append(element("div", { class: "head" }, mark, this.title, close), ...parts);
    FULL_SCREEN.addEventListener("change", () => this.#cover());
    // On an iPhone the keyboard covers the page instead of shrinking it.
    visualViewport?.addEventListener("resize", () => this.#fitKeyboard());
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** @param {"waiting" | "live" | null} person who answers here: the assistant, until one comes */
  introduce(person) {
    const { title, automated } = this.texts;
    const [who, what] =
      person === "live" ? [this.texts.person.title, this.texts.person.human] : [title, automated];
    this.title.replaceChildren(who, element("span", {}, element("i", {}, " · "), what));
  }

  /** Somebody wrote while the chat was closed; the corner button says so. */
  beckon() {
    if (this.isOpen) return;
    const words = this.launcher.querySelector("span");
    if (words) words.textContent = this.texts.person.launcher;
    this.launcher.classList.add("beckons");
  }

  open() {
    if (!this.root.hidden) return;
    const words = this.launcher.querySelector("span");
    if (words) words.textContent = this.texts.launcher;
    this.launcher.classList.remove("beckons");
    this.#cameFrom = document.activeElement;
    this.#show(true);
    this.focus();
    this.whenOpened();
  }

  close() {
    this.#show(false);
    const back = this.#cameFrom instanceof HTMLAnchorElement ? this.#cameFrom : this.launcher;
    back.focus();
  }

  /** To the place where one writes; on a phone to the title, or the keyboard would jump up. */
  focus() {
    const place = TOUCH.matches ? this.title : this.field;
    place.focus({ preventScroll: true });
  }

  /** @param {boolean} isOpen */
  #show(isOpen) {
    this.root.hidden = !isOpen;
    this.launcher.hidden = isOpen;
    this.launcher.setAttribute("aria-expanded", String(isOpen));
    document.documentElement.classList.toggle("chat-open", isOpen);
    this.#cover();
  }

  /** What lies under a full-screen panel must not take the focus. */
  #cover() {
    const isCovered = FULL_SCREEN.matches && !this.root.hidden;
    for (const node of document.body.children) {
      if (node instanceof HTMLElement && node !== this.root) node.inert = isCovered;
    }
  }

  #fitKeyboard() {
    const view = visualViewport;
    if (!view || view.scale !== 1) return; // zoomed by hand: leave it alone
    this.root.style.setProperty("--seen", `${view.height}px`);
  }
}
