// @ts-check
/** The conversation itself: begins it, sends what is said, and never loses a word. */
import * as api from "./api.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { ConversationLog } from "./conversation_log.js";
import { Feedback } from "./feedback.js";
import { key as ownKey } from "./key.js";
import { Live } from "./live.js";
import { Menu } from "./menu.js";
import { Panel } from "./panel.js";
import { Resending } from "./resending.js";
import { Sound } from "./sound.js";
import { Tabs } from "./tabs.js";
import { Unread } from "./unread.js";
import { forget, forgetAll, keep, unsent } from "./unsent.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./unsent.js").Unsent} Unsent */
/** @typedef {import("./texts.js").Texts} Texts */
/** @typedef {import("./conversation_log.js").Trouble} Trouble */

const HAVE_LINES = ["crisis", "check_in"]; // these show the lines that fit best themselves
const HOPELESS = ["empty", "too_long"]; // the same words would be refused again
const PATIENCE_MS = 1200; // so long words of danger wait for an answer; then we help ourselves

export class Chat {
  /** @type {Promise<void> | null} */ #begun = null;
  /** @type {Promise<unknown>} */ #queue = Promise.resolve();
  /** @type {string | null} */ #source = null;
  #greeting = "";

  /**
   * @param {Texts} texts
   * @param {import("./help_lines.js").HelpLines} helpLines
   * @param {import("./first_line.js").FirstLine} firstLine
   * @param {import("./host.js").Host} host the page around us
   */
  constructor(texts, helpLines, firstLine, host) {
    const say = (/** @type {string} */ text) => this.say(text);
    this.texts = texts;
    this.helpLines = helpLines;
    this.firstLine = firstLine;
    this.host = host;
    this.tabs = new Tabs();
    this.sound = new Sound();
    this.log = new ConversationLog(texts, helpLines, say, (text) => this.#edit(text));
    const isDanger = (/** @type {string} */ text) => firstLine.find(text) !== null;
    this.composer = new Composer(texts, say, isDanger, () => this.live.typing());
    const { composer, log } = this;
    const announce = (/** @type {string} */ words) => log.announce(words);
    const person = {
      show: (/** @type {Message} */ message) => this.#showPersons(message),
      typing: (/** @type {boolean} */ isTyping) => log.showTyping(isTyping, texts.person.typing),
      settle: (/** @type {import("./live.js").State} */ state) => this.#introduce(state),
    };
    this.live = new Live(texts, person, () => this.panel.isOpen);
    this.feedback = new Feedback(texts, announce, () => this.panel.focus());
    this.unread = new Unread(texts.new, (count) => host.unread(count));
    this.resending = new Resending((message) => this.#send(message, false));
    this.connection = new Connection(texts, announce, () => this.resending.now());
    this.menu = new Menu(texts, {
      sound: this.sound,
      isFramed: host.isThere,
      announce,
      whenDeleted: (kept) => this.#deleted(kept),
      whenLeft: () => this.panel.focus(),
    });
    const bars = [this.live.bar, this.connection.bar, this.feedback.bar];
    const inside = {
      menu: this.menu.root,
      parts: [helpLines.bar, log.root, log.status, ...bars, composer.root],
      field: composer.field,
    };
    this.panel = new Panel(texts, inside, host.isThere ? () => host.close() : null);
    this.tabs.listen((news) => this.#hear(news));
    document.addEventListener("visibilitychange", () => this.#isSeen && this.unread.seen());
  }

  /** What the page around us wants. @param {import("./host.js").Settings} settings */
  arrange({ greeting, source }) {
    this.#greeting = greeting?.trim() ?? "";
    this.#source = source ?? null;
  }

  /** @param {boolean} [takesFocus] not where the next page of a website opens us again by itself */
  opened(takesFocus = true) {
    this.panel.isOpen = true;
    if (takesFocus) this.panel.focus();
    this.wake();
    this.unread.seen();
  }

  closed() {
    this.panel.isOpen = false;
  }

  get #isSeen() {
    return this.panel.isOpen && !document.hidden;
  }

  /** Shows the conversation so far, or the welcome. */
  async wake() {
    this.log.toNewest(this.unread.line);
    if (this.#begun) return;
    // Whoever was never here is greeted at once, however slow our server is.
    if (!ownKey()) this.log.greet(this.#welcome());
    this.log.showTyping(true);
    try {
      await this.#begin();
    } catch {
      this.log.markUnreachable(() => {
        this.panel.focus();
        this.wake();
      });
    } finally {
      this.log.showTyping(false);
    }
  }

  #begin() {
    this.#begun ??= this.#fetchHistory().catch((failure) => {
      this.#begun = null;
      throw failure;
    });
    return this.#begun;
  }

  async #fetchHistory() {
    const { messages, handoff } = await api.begin(this.#source);
    const leftOver = unsent().filter(({ key }) => !this.log.has(key));
    this.#expectAnswerTo(messages);
    this.log.showHistory(messages.length ? messages : [this.#welcome()]);
    for (const message of leftOver) this.#showLeftOver(message, messages, handoff === "live");
    this.live.saw(messages);
    this.live.settle(handoff);
    this.feedback.remember(messages);
  }

  /** @param {Message} message */
  #showPersons(message) {
    this.log.receiveUnasked(message);
    this.feedback.saw([message]);
    if (message.from !== "staff") return;
    this.composer.expect(null);
    this.sound.play();
    const node = this.log.find(message.id);
    if (node && !this.#isSeen) this.unread.add(node);
  }

  /** Another tab of this visitor has news. @param {import("./tabs.js").News} news */
  async #hear(news) {
    if (news === "deleted") {
      this.#startAnew();
      return;
    }
    this.live.said();
    if (!this.#begun) return;
    try {
      const { messages, handoff } = await api.begin(this.#source);
      this.log.catchUp(messages);
      this.#expectAnswerTo(messages);
      this.live.saw(messages);
      this.live.settle(handoff);
    } catch {
      // the other tab has it; the next news, or the next opening, brings it here
    }
  }

  /** @param {boolean} keptWithStaff whether they have what was sent to them before */
  #deleted(keptWithStaff) {
    this.tabs.tell("deleted");
    this.#startAnew();
    this.log.explainDeletion(keptWithStaff);
  }

  #startAnew() {
    this.#begun = null;
    forgetAll();
    this.resending.stop();
    this.live.forget();
    this.unread.forget();
    this.composer.expect(null);
    this.log.clear();
    this.log.greet(this.#welcome());
  }

  /**
   * The visitor's newest message, once more: in the questions the bot asks again, elsewhere the
   * words stand in the field.
   * @param {string} text
   */
  #edit(text) {
    const isAsked = this.log.newest?.payload?.type === "question" && this.live.state !== "live";
    this.composer.fill(text);
    if (isAsked) this.say(this.texts.spoken.back);
    else this.log.announce(this.texts.edit.hint);
    this.composer.field.focus();
  }

  /** @param {import("./live.js").State} person */
  #introduce(person) {
    this.panel.introduce(person);
    this.host.person(person !== null);
    this.composer.address(person === "live" ? this.texts.person.placeholder : null);
  }

  /** @returns {Message} */
  #welcome() {
    const { text, suggestions } = this.texts.welcome;
    const said = this.#greeting || text;
    const at = new Date().toISOString();
    return { id: "welcome", from: "bot", at, text: said, payload: { type: "text", suggestions } };
  }

  /**
   * @param {Unsent} message on its way when the page was reloaded
   * @param {Message[]} history where it may have arrived after all, with or without an answer
   * @param {boolean} isLive whether a person has read it
   */
  #showLeftOver(message, history, isLive) {
    const place = history.findIndex(({ id }) => id === message.key);
    const after = history.slice(place + 1);
    const isAnswered = place >= 0 && (isLive || after.some(({ from }) => from !== "visitor"));
    if (isAnswered) {
      forget(message.key);
      return;
    }
    this.log.showOwn(message);
    this.#fail(message, this.texts.failure.unreachable, () => this.#send(message));
    this.resending.later(message);
  }

  /** @param {string} text */
  say(text) {
    const message = { key: api.newKey(), text, at: Date.now() };
    this.unread.forget();
    if (this.firstLine.find(text)) {
      this.feedback.stop();
      this.helpLines.open();
      this.log.announce(this.texts.crisis.shown);
    }
    this.log.showOwn(message);
    this.live.said();
    keep(message);
    this.#send(message);
  }

  /**
   * Messages leave one after the other, in the order they were written. Only words of danger do
   * not wait behind a message that hangs.
   * @param {Unsent} message
   * @param {boolean} isOwnDeed the visitor's, not a second try of ours
   */
  #send(message, isOwnDeed = true) {
    this.resending.stop(message);
    if (isOwnDeed) this.panel.focus(); // the button just pressed is about to go
    this.log.markOnItsWay(message.key);
    this.#showThinking();
    const alarm = this.firstLine.find(message.text);
    if (!alarm) {
      this.#queue = this.#queue.then(() => this.#deliver(message));
      return;
    }
    const impatience = setTimeout(() => this.#helpOurselves(alarm, message.key), PATIENCE_MS);
    const delivery = this.#deliver(message).finally(() => clearTimeout(impatience));
    this.#queue = Promise.all([this.#queue, delivery]);
  }

  /** @param {import("./first_line.js").Alarm} alarm @param {string} key of the message */
  #helpOurselves(alarm, key) {
    this.log.showOwnHelp(alarm, this.firstLine, key, this.live.state === "live");
    this.helpLines.fold(); // the card has the two lines that matter most
  }

  /** @param {Unsent} message @param {Trouble} trouble @param {(() => void) | null} again */
  #fail(message, trouble, again) {
    const alarm = this.firstLine.find(message.text);
    this.log.markFailed(message.key, trouble, again, !alarm);
    if (alarm) this.#helpOurselves(alarm, message.key);
  }

  /** @param {Unsent} message */
  async #deliver({ key, text, at }) {
    this.#showThinking();
    try {
      const { messages, handoff } = await this.#arrive(text, key);
      forget(key);
      this.tabs.tell("said");
      if (handoff !== "live") this.log.showTyping(false);
      this.live.settle(handoff);
      // What changes the height of the log comes before it looks for the place to show.
      this.#expectAnswerTo(messages);
      // The card in the conversation has the lines now, those that fit best first.
      const kinds = messages.map(({ payload }) => payload?.type ?? "");
      if (kinds.some((kind) => HAVE_LINES.includes(kind))) this.helpLines.fold();
      this.log.receive(messages, key);
      this.feedback.saw(messages);
    } catch (failure) {
      this.log.showTyping(false);
      this.#explain({ key, text, at }, failure);
    }
  }

  /** The assistant is at it; while a person writes here, only their own signs of typing count. */
  #showThinking() {
    if (this.live.state !== "live") this.log.showTyping(true);
  }

  /** @param {string} text @param {string} key */
  async #arrive(text, key) {
    await this.#begin();
    try {
      return await api.send(text, key);
    } catch (failure) {
      const hasEnded = failure instanceof api.Failure && failure.code === "no_conversation";
      if (!hasEnded) throw failure;
      // Words of crisis must not wait until someone opens the chat again: begin anew at once.
      this.#begun = null;
      await this.#begin();
      return api.send(text, key);
    }
  }

  /** @param {Unsent} message @param {unknown} failure */
  #explain(message, failure) {
    const { refused, codes } = this.texts.failure;
    const again = () => this.#send(message);
    if (!(failure instanceof api.Failure && failure.refused)) {
      this.#fail(message, this.#whyUnreachable(failure), again);
      this.resending.later(message);
      return;
    }
    const isHopeless = HOPELESS.includes(failure.code);
    if (isHopeless) forget(message.key);
    const reason = codes[failure.code] ?? (failure.kindText || refused.reason);
    this.#fail(message, { ...refused, reason }, isHopeless ? null : again);
  }

  /** @param {unknown} failure @returns {Trouble} */
  #whyUnreachable(failure) {
    const { waiting, offline } = this.texts.connection;
    if (this.connection.isOffline) return { mark: waiting, reason: offline };
    const { unreachable, codes } = this.texts.failure;
    const said = failure instanceof api.Failure ? codes[failure.code] : undefined;
    return said ? { ...unreachable, reason: said } : unreachable;
  }

  /** @param {Message[]} messages */
  #expectAnswerTo(messages) {
    const last = messages.findLast(({ from }) => from !== "visitor");
    if (last) this.composer.expect(last.payload);
  }
}
