// @ts-check
/** “Was this helpful?”: a small bar above the field, once in a conversation, never in a crisis. */
import * as api from "./api.js";
import { showsHelp } from "./bot_message.js";
import { button, element, icon } from "./elements.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./bot_message.js").Payload} Payload */
/** @typedef {import("./texts.js").Texts} Texts */

const ENOUGH_ANSWERS = 3;

export class Feedback {
  #answers = 0;
  #asked = false;
  #conversation = 0; // how many were forgotten before this one
  #stopped = false; // danger was heard, or it is answered: not in this conversation any more

  /**
   * @param {Texts} texts
   * @param {(words: string) => void} announce
   * @param {() => void} giveFocus to the place where one writes, as the pressed button goes
   */
  constructor(texts, announce, giveFocus) {
    this.texts = texts.feedback;
    this.announce = announce;
    this.giveFocus = giveFocus;
    this.bar = element("div", { class: "feedback", role: "group", hidden: true });
    this.bar.setAttribute("aria-label", this.texts.question);
  }

  /** Messages of before: they count, and nothing is asked. @param {Message[]} messages */
  remember(messages) {
    this.#answers += messages.filter(({ payload }) => payload?.type === "answer").length;
    if (messages.some(showsHelp)) this.stop();
  }

  /** Messages that have just come. @param {Message[]} messages */
  async saw(messages) {
    this.remember(messages);
    if (this.#asked || this.#stopped || !this.#isTime(messages)) return;
    this.#asked = true;
    const conversation = this.#conversation;
    const may = await api.mayAskForFeedback();
    if (may && !this.#stopped && conversation === this.#conversation) this.#ask();
  }

  /** @param {Message[]} messages */
  #isTime(messages) {
    const kinds = messages.map(({ payload }) => payload?.type);
    if (kinds.at(-1) === "question") return false; // one question at a time
    if (kinds.includes("answer") && this.#answers >= ENOUGH_ANSWERS) return true;
    return messages.some(({ payload }) => isEnd(payload));
  }

  /** Somebody may be in danger: no such question, now or later. */
  stop() {
    this.#stopped = true;
    this.bar.hidden = true;
    this.bar.replaceChildren();
  }

  /** The conversation is gone; of the next one it may be asked again. */
  forget() {
    this.stop();
    this.#stopped = this.#asked = false;
    this.#answers = 0;
    this.#conversation += 1;
  }

  #ask() {
    const { question, helpful, notHelpful, skip } = this.texts;
    const close = element(
      "button",
      { type: "button", class: "close", "aria-label": skip, click: () => this.#close() },
      icon("close"),
    );
    this.bar.replaceChildren(
      element("p", {}, question),
      button(helpful, () => this.#answer(true)),
      button(notHelpful, () => this.#answer(false)),
      close,
    );
    this.bar.hidden = false;
    this.announce(question);
  }

  /** @param {boolean} helpful */
  #answer(helpful) {
    api.sendFeedback(helpful);
    this.#close();
    this.announce(this.texts.thanks);
  }

  #close() {
    this.stop();
    this.giveFocus();
  }
}

/** @param {Payload | null | undefined} payload a screening or a talk with a person is over */
function isEnd(payload) {
  return payload?.type === "outcome" || (payload?.type === "handoff" && payload.state === "ended");
}
