// @ts-check
/** Deletes the conversation, after one question whether that is meant. */
import { Dialog } from "./dialog.js";
import { button, element } from "./elements.js";

/** @typedef {import("./texts.js").Texts} Texts */

export class DeleteDialog {
  /** @param {Texts} texts @param {import("./menu.js").Around} around */
  constructor(texts, { deleteIt, announce, whenLeft, helpLines }) {
    this.texts = texts;
    this.deleteIt = deleteIt;
    this.announce = announce;
    this.dialog = new Dialog(texts.delete.title, texts.menu.cancel, whenLeft, helpLines.sentence());
  }

  open() {
    const { explain, sure } = this.texts.delete;
    const deed = button(sure, () => this.#delete(), "primary danger");
    this.dialog.show(element("p", {}, explain), deed);
    this.dialog.leave.focus(); // what cannot be undone is never one key away
  }

  async #delete() {
    const { failure, isLeft } = await this.dialog.busy(this.deleteIt);
    const { failed } = this.texts.saving;
    if (failure && isLeft) this.announce(failed); // the others see that all is still there
    else if (failure) this.dialog.trouble.textContent = failed;
    else if (!isLeft) this.dialog.root.close();
  }
}
