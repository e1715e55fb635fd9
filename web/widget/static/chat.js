// @ts-check
/** The conversation itself: begins it, sends what is said, and never loses a word. */
import * as api from "./api.js";
import { showsHelp } from "./bot_message.js";
import { Composer } from "./composer.js";
import { Connection } from "./connection.js";
import { ConversationLog } from "./conversation_log.js";
import { Delivery } from "./delivery.js";
import { Feedback } from "./feedback.js";
import { forgetKey, hasStorage, key as ownKey } from "./key.js";
import { Live } from "./live.js";
import { Menu } from "./menu.js";
import { Panel } from "./panel.js";
import { Sound } from "./sound.js";
import { Tabs } from "./tabs.js";
import { Unread } from "./unread.js";
import { forget, forgetAll, keep, unsent } from "./unsent.js";

/** @typedef {import("./bot_message.js").Message} Message */
/** @typedef {import("./live.js").State} State */
/** @typedef {import("./texts.js").Texts} Texts */

export class Chat {
  /** @type {Promise<void> | null} */ #begun = null;
  #life = {}; // one conversation; what comes back after it was deleted is not drawn
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
    const announce = (/** @type {string} */ words) => log.announce(words);
    const focus = () => this.panel.focus();
    this.texts = texts;
    this.helpLines = helpLines;
    this.firstLine = firstLine;
    this.host = host;
    this.tabs = new Tabs();
    this.sound = new Sound();
    const log = new ConversationLog(texts, helpLines, say, (text, isAnswer) => {
      this.#edit(text, isAnswer);
    });
    this.log = log;
    const isDanger = (/** @type {string} */ text) => firstLine.find(text) !== null;
    this.composer = new Composer(texts, say, isDanger, () => this.live.typing());
    const person = {
      show: (/** @type {Message} */ message) => this.#showPersons(message),
      typing: (/** @type {boolean} */ isTyping) => log.showTyping(isTyping, texts.person.typing),
      settle: (/** @type {State} */ state) => this.#introduce(state),
    };
    this.live = new Live(texts, person, () => this.panel.isOpen);
    this.feedback = new Feedback(texts, announce, focus);
    this.unread = new Unread(texts.new, (count) => host.unread(count));
    this.connection = new Connection(texts, announce, () => this.#backOnline());
    this.delivery = new Delivery(texts, {
      log,
      firstLine,
      connection: this.connection,
      begin: () => this.#begin(),
      beginAnew: () => this.#beginAnew(),
      think: () => this.#showThinking(),
      focus: () => this.panel.focusAfterDeed(log.root),
      help: (alarm, key) => this.#helpOurselves(alarm, key),
      show: (answer, key) => this.#show(answer, key),
    });
    this.menu = new Menu(texts, {
      sound: this.sound,
      helpLines,
      announce,
      deleteIt: () => this.#delete(),
      whenLeft: focus,
    });
    const bars = [this.live.bar, this.connection.bar, this.feedback.bar];
    const inside = {
      menu: this.menu.root,
      parts: [helpLines.bar, log.root, log.status, ...bars, this.composer.root],
      field: this.composer.field,
    };
    this.panel = new Panel(texts, inside, host.isThere ? () => host.close() : null);
    this.tabs.listen((news) => this.#hear(news));
    document.addEventListener("visibilitychange", () => this.#isSeen && this.unread.seen());
  }

  /** What the page around us wants. @param {import("./host.js").Settings} settings */
  arrange({ greeting, source }) {
    this.#greeting = greeting?.trim() ?? "";
    this.#source = source ?? null;
    if (!this.log.isGreetingOnly) return;
    this.log.clear();
    this.log.greet(this.#welcome());
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
      this.log.forgetUnreachable();
    } catch {
      this.log.markUnreachable(() => {
        this.panel.focus();
        this.wake();
      });
    } finally {
      if (!this.delivery.isWaiting) this.log.showTyping(false);
    }
  }

  #backOnline() {
    if (!this.#begun && this.panel.isOpen) this.wake();
    this.delivery.resending.now();
  }

  #begin() {
    this.#begun ??= this.#fetchHistory().catch((failure) => {
      this.#begun = null;
      throw failure;
    });
    return this.#begun;
  }

  async #fetchHistory() {
    const life = this.#life;
    const { messages, handoff } = await api.begin(this.#source);
    if (life !== this.#life) return;
    const leftOver = unsent().filter(({ key }) => !this.log.has(key));
    this.#expectAnswerTo(messages);
    this.log.showHistory(messages.length ? messages : [this.#welcome()]);
    for (const message of leftOver) this.#takeUp(message, messages, handoff === "live");
    this.live.saw(messages);
    this.live.settle(handoff);
    this.feedback.remember(messages);
  }

  /** The conversation was ended by the clinic: what was in it is no longer shown. */
  #beginAnew() {
    const onTheirWay = unsent().filter(({ key }) => this.log.has(key));
    this.#begun = null;
    this.live.forget();
    this.log.clear();
    for (const message of onTheirWay) this.log.showOwn(message);
    this.#showThinking();
    return this.#begin();
  }

  /** @param {Message} message */
  #showPersons(message) {
    this.log.receiveUnasked(message);
    this.feedback.saw([message]);
    if (message.from !== "staff") return;
    this.composer.expect(null);
    const node = this.log.find(message.id);
    if (node && !this.#isSeen) this.unread.add(node);
    this.sound.play();
  }

  /** Another tab of this visitor has news. @param {import("./tabs.js").News} news */
  async #hear(news) {
    if (news === "deleted") {
      this.#startAnew();
      return;
    }
    this.live.said();
    const life = this.#life;
    if (!this.#begun) return;
    try {
      const { messages, handoff } = await api.begin(this.#source);
      if (life !== this.#life) return;
      this.log.catchUp(messages);
      this.#expectAnswerTo(messages);
      this.live.saw(messages);
      this.live.settle(handoff);
    } catch {
      // the other tab has it; the next news, or the next opening, brings it here
    }
  }

  /**
   * The visitor deletes the conversation, here and on our computers.
   * @throws {api.Failure} nothing was deleted
   */
  async #delete() {
    // What is just beginning, or known to a cookie alone, has a key only when it has begun.
    if (this.#begun || !hasStorage()) await this.#begin();
    const keptWithStaff = ownKey() !== null && (await api.deleteConversation());
    this.tabs.tell("deleted");
    this.#startAnew();
    this.log.explainDeletion(keptWithStaff);
  }

  #startAnew() {
    this.#begun = null;
    this.#life = {};
    this.delivery.stop();
    forgetAll();
    forgetKey();
    this.live.forget();
    this.unread.forget();
    this.feedback.forget();
    this.menu.forget();
    this.composer.fill("");
    this.composer.expect(null);
    this.log.clear();
    this.log.greet(this.#welcome());
  }

  /**
   * The visitor's newest message, once more: in the questions the bot asks again, elsewhere the
   * words stand in the field.
   * @param {string} text @param {boolean} isAnswer
   */
  #edit(text, isAnswer) {
    if (!this.composer.field.value) this.composer.fill(text); // a draft of theirs stays
    if (isAnswer && this.live.state !== "live") this.say(this.texts.spoken.back);
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
   * @param {import("./unsent.js").Unsent} message on its way when the page was reloaded
   * @param {Message[]} history where it may have arrived after all, with or without an answer
   * @param {boolean} isLive whether a person has read it
   */
  #takeUp(message, history, isLive) {
    const place = history.findIndex(({ id }) => id === message.key);
    const after = history.slice(place + 1);
    const isAnswered = place >= 0 && (isLive || after.some(({ from }) => from !== "visitor"));
    if (isAnswered) forget(message.key);
    else this.delivery.takeUp(message);
  }

  /** @param {string} text */
  say(text) {
    const message = { key: api.newKey(), text, at: Date.now() };
    this.unread.forget();
    if (this.firstLine.find(text)) {
      this.feedback.stop();
      this.helpLines.open(); // the card with the answer, or our own, is what is read out
    }
    this.log.showOwn(message);
    this.live.said();
    keep(message);
    this.delivery.send(message);
  }

  /** @param {import("./first_line.js").Alarm} alarm @param {string} key of the message */
  #helpOurselves(alarm, key) {
    this.log.showOwnHelp(alarm, this.firstLine, key, this.live.state === "live");
    this.helpLines.fold(); // the card has the two lines that matter most
  }

  /** @param {{messages: Message[], handoff?: State}} answer @param {string} key of the message */
  #show({ messages, handoff }, key) {
    this.tabs.tell("said");
    if (!this.delivery.isWaiting) {
      if (handoff !== "live") this.log.showTyping(false);
      this.log.rest();
    }
    this.live.settle(handoff);
    if (this.log.settle(messages, key)) return;
    // What changes the height of the log comes before it looks for the place to show.
    this.#expectAnswerTo(messages);
    // The card in the conversation has the lines now, those that fit best first.
    if (messages.some(showsHelp)) this.helpLines.fold();
    this.log.receive(messages, key);
    this.feedback.saw(messages);
  }

  /** The assistant is at it; while a person writes here, only their own signs of typing count. */
  #showThinking() {
    if (this.live.state !== "live") this.log.showTyping(true);
  }

  /** @param {Message[]} messages */
  #expectAnswerTo(messages) {
    const last = messages.findLast(({ from }) => from !== "visitor");
    if (last) this.composer.expect(last.payload);
  }
}
