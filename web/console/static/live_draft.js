// @ts-check
// What is being written in a live chat: kept in this tab, so that a reload loses nothing.

export class Draft {
  /** @param {string} handoff its number */
  constructor(handoff) {
    this.place = `live-draft-${handoff}`;
  }

  read() {
    try {
      return sessionStorage.getItem(this.place) ?? "";
    } catch {
      return ""; // storage may be switched off; then a reload forgets it
    }
  }

  /** @param {string} words */
  keep(words) {
    try {
      if (words) sessionStorage.setItem(this.place, words);
      else sessionStorage.removeItem(this.place);
    } catch {
      // the chat works without it
    }
  }

  /** The chat ended, or a colleague has it: the words are shown once more, to be copied. */
  showUnsent() {
    const place = document.getElementById("unsent");
    const field = document.getElementById("draft");
    const words = this.read();
    if (!place || !(field instanceof HTMLTextAreaElement)) return;
    this.keep("");
    if (!words.trim() || field.value) return;
    field.value = words;
    place.hidden = false;
  }
}
