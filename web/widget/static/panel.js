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
    this.field = field;
    this.whenOpened = whenOpened;
    this.launcher = element(
      "button",
      { type: "button", class: "launcher", "aria-expanded": "false", click: () => this.open() },
      icon("chat"),
      element("span", {}, texts.launcher),
    );
    this.title = element("h2", { id: "chat-title", tabindex: -1 }, texts.title);
    this.title.append(element("span", {}, element("i", {}, " · "), texts.automated));
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

  open() {
    if (!this.root.hidden) return;
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
