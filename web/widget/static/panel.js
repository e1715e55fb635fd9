// @ts-check
/** The window of the chat: who answers at its top, the conversation, the field below. */
import { element, icon } from "./elements.js";

/** @typedef {import("./texts.js").Texts} Texts */

const TOUCH = matchMedia("(pointer: coarse)");

export class Panel {
  isOpen = false;

  /**
   * @param {Texts} texts
   * @param {{menu: HTMLElement, parts: HTMLElement[], field: HTMLElement}} inside from top to bottom
   * @param {(() => void) | null} close nothing where the chat is a page of its own
   */
  constructor(texts, { menu, parts, field }, close) {
    this.texts = texts;
    this.field = field;
    this.title = element("h1", { id: "chat-title", tabindex: -1 });
    this.introduce(null);
    this.root = element("main", { class: "chat", "aria-labelledby": "chat-title" });
    const mark = element("span", { class: "mark" }, icon("leaf"));
    const head = element("div", { class: "head" }, mark, this.title, menu);
    if (close) {
      const attributes = { type: "button", class: "close", "aria-label": texts.close, click: close };
      head.append(element("button", attributes, icon("close")));
      document.addEventListener("keydown", (event) => {
        if (event.key === "Escape" && !isForOthers(event)) close();
      });
    }
    this.root.append(head, ...parts);
    // On an iPhone the keyboard covers the page instead of shrinking it.
    visualViewport?.addEventListener("resize", () => this.#fitKeyboard());
  }

  /** @param {"waiting" | "live" | null} person who answers here: the assistant, until one comes */
  introduce(person) {
    const { title, automated } = this.texts;
    const [who, what] =
      person === "live" ? [this.texts.person.title, this.texts.person.human] : [title, automated];
    this.title.replaceChildren(who, element("span", {}, element("i", {}, " · "), what));
  }

  /** To the place where one writes; on a phone to the title, or the keyboard would jump up. */
  focus() {
    const place = TOUCH.matches ? this.title : this.field;
    place.focus({ preventScroll: true });
  }

  /**
   * After something was pressed or sent. On a phone the keyboard must not jump up, and who listens
   * to a screen reader must not be thrown to the top.
   * @param {HTMLElement} log
   */
  focusAfterDeed(log) {
    const place = TOUCH.matches ? log : this.field;
    place.focus({ preventScroll: true });
  }

  #fitKeyboard() {
    const view = visualViewport;
    if (!view || view.scale !== 1) return; // zoomed by hand: leave it alone
    this.root.style.setProperty("--seen", `${view.height}px`);
  }
}

/** @param {KeyboardEvent} event of a word being composed, or with a small window or menu open */
function isForOthers(event) {
  const isWindowOpen = document.querySelector("dialog[open]") !== null;
  return event.defaultPrevented || event.isComposing || isWindowOpen;
}
