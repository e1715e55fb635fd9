// @ts-check
/** The conversation on the screen: messages in order, what was not sent, who is writing. */
import { showsHelp } from "./bot_message.js";
import { ownHelp } from "./crisis.js";
import { EditButton } from "./edit_button.js";
import { button, element, spoken } from "./elements.js";
import { drawActions, drawMessage } from "./messages.js";
import { paragraphs } from "./plain_text.js";
import { fill, pageData } from "./texts.js";
import { unsent } from "./unsent.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./unsent.js").Unsent} Unsent */
/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {{mark: string, reason: string}} Trouble  why a message got no answer, in a word and a line */

const QUIET_MINUTES = 20; // a pause this long gets a line with the time
const AWAY_MINUTES = 30; // who was away as long is told that nothing is lost
const TYPING_SPOKEN_MS = 700; // a quick answer needs no announcement before it
// After this it is said that it takes longer than usual, with whom to call: whoever is in danger,
// in words that only the assistant would have understood, must not wait for it.
const SLOW_MS = 1_500;
const MARGIN = 12; // pixels between a message and the edge of the window
const OPTION = 70; // pixels below a question, to see that there is more

const isCrisis = (/** @type {HTMLElement} */ node) => node.matches(".crisis");
const isHelp = (/** @type {HTMLElement} */ node) => node.matches(".crisis, .check_in");
const wordsOf = (/** @type {Message} */ { text, payload }) => JSON.stringify([text, payload ?? null]);
const isAsking = (/** @type {HTMLElement} */ node) => node.matches(".check_in, .question");

export class ConversationLog {
  /** @type {HTMLElement | null} */ #actions = null;
  /** @type {Map<string, HTMLElement>} */ #own = new Map();
  /** @type {HTMLElement | null} */ #ownHelp = null;
  /** @type {HTMLElement | null} help that came last; the visitor has written nothing since */ #helpInSight = null;
  #ownHelpFor = ""; // the key of the message that it stands for
  #shown = new Set();
  /** @type {Map<string, Message[]>} answers that were written down nowhere, by the message's key */
  #unwritten = new Map();
  #lastAt = 0;
  #typingTimer = 0;
  #slowTimer = 0;

  /**
   * @param {Texts} texts
   * @param {import("./help_lines.js").HelpLines} helpLines
   * @param {import("./question.js").Say} say
   * @param {import("./edit_button.js").Edit} edit the visitor's own newest words, once more
   */
  constructor(texts, helpLines, say, edit) {
    this.texts = texts;
    this.helpLines = helpLines;
    this.say = say;
    this.editButton = new EditButton(texts.edit, edit);
    this.notice = element("p", { class: "notice" }, texts.notice);
    this.list = element("div", { class: "list" });
    this.dots = element("div", { class: "dots", "aria-hidden": "true", hidden: true });
    this.dots.append(element("i"), element("i"), element("i"));
    this.slow = element("div", { class: "slow", hidden: true });
    this.status = element("p", { class: "spoken", role: "status" });
    this.root = element("div", {
      class: "log",
      role: "log",
      "aria-label": texts.log,
      "aria-live": "polite",
      tabindex: 0, // so that the arrow keys can scroll it
    });
    this.root.append(this.notice, this.list, this.dots, this.slow);
  }

  /** @param {Message} welcome before the server has said anything */
  greet(welcome) {
    this.#add(welcome, false);
    this.root.scrollTop = 0;
  }

  /** @param {Message[]} messages */
  showHistory(messages) {
    // Coming back, nobody wants the whole conversation read aloud again.
    const returning = messages.some(({ from }) => from === "visitor");
    if (returning) this.find("welcome")?.remove(); // begun in another tab at the same moment
    if (returning) this.root.setAttribute("aria-live", "off");
    const isOnItsWay = (/** @type {Element} */ node) =>
      unsent().some(({ key }) => this.#own.get(key) === node);
    const waiting = [...this.list.children].filter(isOnItsWay);
    const newest = messages.map((message) => this.#add(message, false)).at(-1);
    if (newest) this.#welcomeBack(/** @type {Message} */ (messages.at(-1)), newest);
    this.list.append(...waiting);
    setTimeout(() => this.root.setAttribute("aria-live", "polite"), 500);
    // A newcomer starts at the top, where the notice is.
    if (returning || waiting.length) this.toNewest();
    else this.root.scrollTop = 0;
  }

  /**
   * A question that waited for a while is still the one to answer; nothing is asked of the server.
   * @param {Message} newest @param {HTMLElement} node
   */
  #welcomeBack({ at, payload }, node) {
    const minutes = (Date.now() - new Date(at).getTime()) / 60_000;
    if (payload?.type !== "question" || !(minutes > AWAY_MINUTES)) return;
    const { welcomeBack, welcomeBackToConsent } = this.texts;
    const words = payload.field === "consent" ? welcomeBackToConsent : welcomeBack;
    node.before(element("p", { class: "welcome-back" }, words));
  }

  /** @param {Message[]} messages @param {string} key of the message that they answer */
  receive(messages, key) {
    const drawn = messages.map((message) => this.#add(message, true)).filter((node) => node !== null);
    const [first] = drawn;
    if (!first) return;
    const help = drawn.findLast(isCrisis);
    this.#giveWay(drawn.find(isCrisis), key);
    // Answers to what waited before it must not push help out of sight.
    if (!help && this.#helpInSight?.isConnected) return;
    this.#helpInSight = help ?? null;
    this.#show(first, help ?? drawn.findLast(isAsking) ?? first);
  }

  /**
   * An answer that came before, and now again. What was written down nowhere had names of its own;
   * the same words stay where they are, and others are yet to be shown in their place; help goes for
   * nothing but help.
   * @param {Message[]} messages @param {string} key of the message that they answer
   * @returns {boolean} whether they are on the screen
   */
  settle(messages, key) {
    const before = this.#unwritten.get(key) ?? [];
    if (messages.some(({ id }) => id.startsWith(`${key}-`))) this.#unwritten.set(key, messages);
    else this.#unwritten.delete(key);
    if (!before.length) return false;
    const isSame = before.map(wordsOf).join() === messages.map(wordsOf).join();
    if (isSame) before.forEach(({ id }, place) => this.#rename(id, messages[place].id));
    else before.forEach(({ id }) => this.#shown.delete(id));
    if (isSame) return true;
    const gives = messages.some(showsHelp) || !before.some(showsHelp);
    for (const { id } of before) {
      const node = this.find(id);
      if (gives) node?.remove();
      else node?.removeAttribute("data-id"); // it stays, and its name is another's now
    }
    return false;
  }

  /** @param {string} id @param {string} now */
  #rename(id, now) {
    const node = this.find(id);
    if (id !== now && this.find(now)) node?.remove(); // another tab has brought it
    else node?.setAttribute("data-id", now);
    this.#shown.add(now);
  }

  /** @param {Message} message that answers none of the visitor's: a person's, or that one came */
  receiveUnasked(message) {
    const later = this.#firstAfter(Number(message.id));
    const node = this.#add(message, true, !later);
    if (!node) return;
    // It was overtaken by an answer: its place is before it, and that answer's buttons stay.
    if (later) later.before(node);
    else this.#show(node, node);
  }

  /** @param {number} id of a message of ours @returns {Element | undefined} */
  #firstAfter(id) {
    return [...this.list.children].find((node) => Number(node.getAttribute("data-id")) > id);
  }

  /**
   * What was said in another tab, each message in its place.
   * @param {Message[]} messages the whole conversation
   */
  catchUp(messages) {
    const newest = messages.at(-1);
    const isNews = newest && !this.has(newest.id);
    /** @type {Element | null} */ let next = null;
    for (const message of messages.toReversed()) {
      const node = this.#add(message, true, false);
      if (node && next) next.before(node);
      next = node ?? this.find(message.id) ?? next;
    }
    const node = isNews ? this.find(newest.id) : null;
    if (!node) return;
    if (newest?.from !== "visitor") this.#offer(newest, node);
    this.#show(node, node);
  }

  /** @param {string} id @returns {HTMLElement | null} */
  find(id) {
    return this.#own.get(id) ?? this.list.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  get isGreetingOnly() {
    return this.#shown.size === 1 && this.has("welcome") && this.#own.size === 0;
  }

  /** Nothing of it is left on the screen. */
  clear() {
    this.list.replaceChildren();
    this.root.querySelectorAll(":scope > .failure").forEach((note) => note.remove());
    this.#own.clear();
    this.#shown.clear();
    this.#unwritten.clear();
    this.#actions = this.#ownHelp = null;
    this.editButton.forget();
    this.#lastAt = 0;
  }

  /** @param {boolean} keptWithStaff */
  explainDeletion(keptWithStaff) {
    const { done, kept } = this.texts.delete;
    const words = keptWithStaff ? [done, fill(kept, { phone: pageData.clinic.phone })] : [done];
    this.list.prepend(element("p", { class: "deleted" }, words.join(" ")));
    this.announce(words.join(" "));
  }

  /** @param {string} id */
  has(id) {
    return this.#shown.has(id) || this.#own.has(id);
  }

  /** @param {Message} message @param {boolean} isNew @param {boolean} isNewest */
  #add(message, isNew, isNewest = true) {
    if (this.has(message.id)) return null;
    this.#shown.add(message.id);
    this.#markTime(new Date(message.at));
    const node = drawMessage(message, this.texts, isNew);
    this.list.append(node);
    if (message.from === "visitor") this.#keepOwn(message.id, message.text, node);
    else node.setAttribute("data-id", message.id);
    if (message.from !== "visitor" && isNewest) this.#offer(message, node);
    return node;
  }

  /**
   * Only the newest message's buttons can be pressed.
   * @param {Message} message @param {HTMLElement} node
   */
  #offer(message, node) {
    const own = [...this.list.querySelectorAll(":scope > .visitor")].at(-1);
    this.editButton.offer(/** @type {HTMLElement | undefined} */ (own), message);
    this.#actions?.remove();
    this.#actions = drawActions(message.payload, this.texts, this.say);
    if (this.#actions) node.append(this.#actions);
  }

  /** @param {Date} at */
  #markTime(at) {
    const quiet = at.getTime() - this.#lastAt > QUIET_MINUTES * 60_000;
    if (Number.isNaN(at.getTime()) || !quiet) return;
    this.#lastAt = at.getTime();
    const { dateLocale, today } = this.texts;
    const isToday = at.toDateString() === new Date().toDateString();
    const date = at.toLocaleDateString(dateLocale, { day: "numeric", month: "short" });
    const day = isToday ? today : date;
    const time = at.toLocaleTimeString(dateLocale, { hour: "2-digit", minute: "2-digit" });
    this.list.append(element("time", { datetime: at.toISOString() }, `${day}, ${time}`));
  }

  /** @param {Unsent} message the visitor's own words, shown before the server has them */
  showOwn({ key, text }) {
    if (this.#own.has(key)) return;
    this.#markTime(new Date());
    const bubble = element("div", { class: "bubble" }, spoken(`${this.texts.author.visitor}: `));
    bubble.append(paragraphs(text));
    const node = element("div", { class: "message visitor" }, bubble);
    this.#keepOwn(key, text, node);
    this.#helpInSight = null;
    this.list.append(node);
    this.toEnd();
  }

  /** @param {string} key @param {string} text @param {HTMLElement} node */
  #keepOwn(key, text, node) {
    node.dataset.text = text;
    this.#own.set(key, node);
    this.editButton.hide();
  }

  /** @param {string} key */
  markOnItsWay(key) {
    this.unmark(key);
    if (this.#actions) this.#actions.inert = true;
  }

  /** @param {string} key of a message that has not failed after all */
  unmark(key) {
    const node = this.#own.get(key);
    node?.classList.remove("failed");
    node?.querySelector(".failure")?.remove();
  }

  /** Nothing is on its way any more: what can be pressed may be pressed. */
  rest() {
    if (this.#actions) this.#actions.inert = false;
  }

  /**
   * @param {string} key @param {Trouble} trouble @param {(() => void) | null} retry
   * @param {boolean} withLines no, where a card with the help lines stands below
   */
  markFailed(key, { mark, reason }, retry, withLines = true) {
    const node = this.#own.get(key);
    node?.classList.add("failed");
    node?.querySelector(".failure")?.remove();
    node?.append(this.#failure(mark, reason, retry, withLines));
    if (this.#actions) this.#actions.inert = false;
    this.toEnd();
  }

  /**
   * Help of our own, at once. It stands once, at the end, whatever was written before.
   * @param {import("./first_line.js").Alarm} alarm
   * @param {import("./first_line.js").FirstLine} firstLine
   * @param {string} key of the message that got no answer
   * @param {boolean} isLive whether a person writes here
   */
  showOwnHelp(alarm, firstLine, key, isLive) {
    this.#ownHelpFor = key;
    // Once is enough: the answer that did not come in time may now have failed as well.
    if (this.#ownHelp && this.#ownHelp === this.list.lastElementChild) return;
    this.#ownHelp?.remove();
    this.#ownHelp = ownHelp(alarm, firstLine, this.texts, isLive);
    this.list.append(this.#ownHelp);
    this.#show(this.#ownHelp, this.#ownHelp);
  }

  /**
   * An answer has come. Our own card goes if the answer brings one; if not, it stays. Only the
   * answer to its own message stops it from saying that contact was lost.
   * @param {HTMLElement | undefined} answer the one with a card
   * @param {string} key of the message that was answered
   */
  #giveWay(answer, key) {
    const card = this.#ownHelp;
    if (!answer && key !== this.#ownHelpFor) return;
    this.#ownHelp = null;
    if (!answer) {
      card?.querySelector(".lost")?.remove();
      return;
    }
    // Who stands on a number with the keyboard finds the same number in the new card.
    const href = card?.querySelector("a:focus")?.getAttribute("href");
    card?.remove();
    if (!href) return;
    const links = [...answer.querySelectorAll("a")];
    const same = links.find((link) => link.getAttribute("href") === href);
    (same ?? this.root).focus({ preventScroll: true });
  }

  /**
   * Shows new messages from their beginning, but never leaves what wants an answer below the fold:
   * of help all that fits, of a question its words and where the options begin. At once, as what
   * slides is hard to read.
   * @param {HTMLElement} first @param {HTMLElement} wanted
   */
  #show(first, wanted) {
    const beginning = first.offsetTop - MARGIN;
    const words = wanted.querySelector(".bubble")?.getBoundingClientRect().height ?? 0;
    const all = wanted.offsetHeight + MARGIN;
    const height = isHelp(wanted) ? all : Math.min(all, words + OPTION);
    const end = wanted.offsetTop + height - this.root.clientHeight;
    this.root.scrollTop = Math.max(beginning, Math.min(end, wanted.offsetTop - MARGIN));
  }

  forgetUnreachable() {
    this.root.querySelector(":scope > .failure")?.remove();
  }

  /** @param {() => void} retry the conversation itself could not be fetched */
  markUnreachable(retry) {
    this.forgetUnreachable();
    const again = () => {
      note.remove();
      retry();
    };
    const note = this.#failure("", this.texts.failure.start, again, true);
    this.root.insertBefore(note, this.list);
  }

  /**
   * @param {string} mark @param {string} reason @param {(() => void) | null} retry
   * @param {boolean} withLines
   */
  #failure(mark, reason, retry, withLines) {
    return element(
      "div",
      { class: "failure", role: "alert" },
      element("p", {}, mark ? element("strong", {}, mark) : null, mark ? " · " : "", reason),
      withLines ? this.helpLines.sentence() : null,
      retry ? button(this.texts.failure.retry, retry) : null,
    );
  }

  /** @param {boolean} isTyping @param {string} [words] who is writing, if it is not the assistant */
  showTyping(isTyping, words = this.texts.typing) {
    this.dots.hidden = !isTyping;
    this.slow.hidden = true;
    clearTimeout(this.#typingTimer);
    clearTimeout(this.#slowTimer);
    if (!isTyping) {
      this.status.textContent = "";
      return;
    }
    this.#typingTimer = setTimeout(() => this.announce(words), TYPING_SPOKEN_MS);
    if (words === this.texts.typing) {
      this.#slowTimer = setTimeout(() => this.#saySlow(), SLOW_MS);
    }
    this.toEnd();
  }

  #saySlow() {
    const lines = this.helpLines.sentence();
    this.slow.replaceChildren(element("p", {}, this.texts.slow), ...(lines ? [lines] : []));
    this.slow.hidden = false;
    this.announce(this.texts.slow);
    this.toEnd();
  }

  /** @param {string} words */
  announce(words) {
    this.status.textContent = words;
  }

  /**
   * To the newest message, from its beginning if it is longer than the window.
   * @param {Element | null} [unread] the line above what nobody has read
   */
  toNewest(unread = null) {
    const newest = this.list.lastElementChild;
    const above = newest?.previousElementSibling;
    const from = unread ?? (above?.matches(".welcome-back") ? above : newest);
    this.toEnd();
    if (!(from instanceof HTMLElement)) return;
    this.root.scrollTop = Math.min(this.root.scrollTop, from.offsetTop - MARGIN);
  }

  toEnd() {
    this.root.scrollTop = this.root.scrollHeight;
  }
}
