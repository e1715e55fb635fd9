// @ts-check
/** Deletes the conversation, after one question whether that is meant. */
import * as api from "./api.js";
import { Dialog } from "./dialog.js";
import { button, element } from "./elements.js";
import { forgetKey, key } from "./key.js";

/** @typedef {import("./texts.js").Texts} Texts */

export class DeleteDialog {
  /**
   * @param {Texts} texts
   * @param {(keptWithStaff: boolean) => void} whenDeleted
   * @param {() => void} whenLeft
   */
  constructor(texts, whenDeleted, whenLeft) {
    this.texts = texts;
    this.whenDeleted = whenDeleted;
    this.dialog = new Dialog(texts.delete.title, texts.menu.cancel, whenLeft);
  }

  open() {
    const { explain, sure } = this.texts.delete;
    const deed = button(sure, () => this.dialog.busy(() => this.#delete()), "primary danger");
    this.dialog.show(element("p", {}, explain), deed);
    this.dialog.leave.focus(); // what cannot be undone is never one key away
  }

  async #delete() {
    try {
      const kept = key() !== null && (await api.deleteConversation());
      this.#done(kept);
    } catch (failure) {
      // It was deleted before, in another tab or by the clinic.
      if (failure instanceof api.Failure && failure.code === "no_conversation") this.#done(false);
      else this.dialog.trouble.textContent = this.texts.saving.failed;
    }
  }

  /** @param {boolean} keptWithStaff */
  #done(keptWithStaff) {
    forgetKey();
    this.whenDeleted(keptWithStaff);
    this.dialog.root.close();
  }
}
