// @ts-check
// Canned replies: a / at the beginning offers them by name, and puts the chosen one into the field.

export class CannedReplies {
  /** @type {HTMLElement[]} */ #shown = [];
  #at = 0;

  /** @param {HTMLTextAreaElement} field */
  constructor(field) {
    this.field = field;
    this.list = document.getElementById("canned");
    /** @type {Map<string, string>} */
    this.texts = new Map();
    for (const node of document.querySelectorAll("[data-canned]")) {
      if (!(node instanceof HTMLElement)) continue;
      const name = node.dataset.canned ?? "";
      this.texts.set(name, node.textContent?.trim() ?? "");
      node.after(this.#button(name));
    }
    if (!this.list || !this.texts.size) return;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Canned replies");
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => this.#offer());
    field.addEventListener("blur", () => setTimeout(() => this.#close(), 200));
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the key was for the list */
  key(event) {
    if (!this.#shown.length) return false;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) this.#mark((this.#at + move + this.#shown.length) % this.#shown.length);
    else if (event.key === "Enter" || event.key === "Tab") this.#shown[this.#at].click();
    else if (event.key === "Escape") this.#close();
    else return false;
    event.preventDefault();
    return true;
  }

  #offer() {
    const typed = this.field.value.match(/^\/([a-z0-9-]*)$/)?.[1];
    this.#close();
    if (typed === undefined || !this.list) return;
    const names = [...this.texts.keys()].filter((name) => name.includes(typed));
    this.#shown = names.map((name, place) => this.#option(name, place));
    this.list.replaceChildren(...this.#shown);
    this.list.hidden = !names.length;
    if (names.length) this.#mark(0);
  }

  /** @param {string} name @param {number} place */
  #option(name, place) {
    const option = document.createElement("div");
    const label = document.createElement("strong");
    label.textContent = `/${name}`;
    option.id = `canned-${place}`;
    option.setAttribute("role", "option");
    option.append(label, ` ${this.texts.get(name)}`);
    option.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
    option.addEventListener("click", () => this.#insert(name));
    return option;
  }

  /** @param {string} name */
  #button(name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = `Use /${name}`;
    button.addEventListener("click", () => this.#insert(name));
    const place = document.createElement("dd");
    place.append(button);
    return place;
  }

  /** @param {string} name */
  #insert(name) {
    const text = this.texts.get(name) ?? "";
    const before = /^\/[a-z0-9-]*$/.test(this.field.value) ? "" : this.field.value;
    this.field.value = before ? `${before.trimEnd()} ${text}` : text;
    this.#close();
    this.field.focus();
    this.field.dispatchEvent(new Event("input"));
  }

  /** @param {number} place */
  #mark(place) {
    this.#at = place;
    for (const [number, option] of this.#shown.entries()) {
      option.setAttribute("aria-selected", String(number === place));
    }
    this.#shown[place].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", this.#shown[place].id);
  }

  #close() {
    this.#shown = [];
    this.field.removeAttribute("aria-activedescendant");
    if (this.list) this.list.hidden = true;
  }
}
