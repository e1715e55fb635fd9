// @ts-check
/** The cards with help lines: in the bot's answers, and our own when no answer comes. */
import { element, spoken } from "./elements.js";
import { resourceLinks } from "./help_lines.js";
import { paragraphs } from "./plain_text.js";
import { crisisTexts } from "./texts.js";

/** @typedef {import("./bot_message.js").Crisis} Crisis */
/** @typedef {import("./bot_message.js").CheckIn} CheckIn */
/** @typedef {import("./bot_message.js").Resource} Resource */
/** @typedef {import("./texts.js").CrisisTexts} CrisisTexts */
/** @typedef {import("./texts.js").Texts} Texts */

const FIRST = 2; // danger and crisis: so many lines fit on a phone above a long text

/**
 * The first words, then the numbers, then all the rest: nobody has to scroll for 988.
 * @param {string} text @param {Crisis} payload
 */
export function crisisBody(text, { resources = [], language }) {
  const texts = crisisTexts(language);
  const [opening, ...rest] = text.split(/\n\s*\n/);
  const body = document.createDocumentFragment();
  body.append(paragraphs(opening), card(texts.title, resources.slice(0, FIRST), texts));
  body.append(paragraphs(rest.join("\n\n")));
  const others = resources.slice(FIRST);
  if (others.length) body.append(card(texts.more, others, texts));
  return body;
}

/** @param {CheckIn} payload a small line with the numbers, below a check-in */
export function checkInLine({ resources = [], language }) {
  const texts = crisisTexts(language);
  const links = resources.flatMap((line) => resourceLinks({ ...line, chat: null }, texts));
  if (!links.length) return null;
  return element("p", { class: "check-in-line", role: "group", "aria-label": texts.now }, ...links);
}

/**
 * Shown at once when words of danger get no answer. It needs nothing from any server.
 * @param {import("./first_line.js").Alarm} alarm
 * @param {import("./first_line.js").FirstLine} firstLine
 * @param {Texts} texts
 * @param {boolean} isLive whether a person writes here
 */
export function ownHelp({ language }, firstLine, texts, isLive) {
  const words = firstLine.words[language];
  const said = isLive ? words.replace(` ${firstLine.nobodyWatches[language]}`, "") : words;
  const [lost, ...rest] = said.split("\n\n");
  const crisis = crisisTexts(language);
  const bubble = element("div", { class: "bubble" }, spoken(`${texts.author.bot}: `));
  bubble.append(element("p", { class: "lost" }, lost));
  // Without notes: on a small phone both numbers must be seen at once.
  const lines = firstLine.resources[language].map((line) => ({ ...line, note: null }));
  bubble.append(card(crisis.title, lines, crisis));
  bubble.append(paragraphs(rest.join("\n\n")));
  const attributes = { class: "message bot crisis own-help", role: "alert", lang: language };
  return element("div", attributes, bubble);
}

/** @param {string} title @param {Resource[]} resources @param {CrisisTexts} texts */
function card(title, resources, texts) {
  const lines = resources.map((resource) =>
    element(
      "li",
      {},
      element("strong", {}, resource.name),
      element("span", { class: "ways" }, ...resourceLinks(resource, texts)),
      resource.note ? element("span", { class: "note" }, resource.note) : null,
    ),
  );
  return element(
    "section",
    { class: "crisis-card", role: "group", "aria-label": title },
    element("h2", {}, title),
    element("ul", { class: "lines" }, ...lines),
  );
}
