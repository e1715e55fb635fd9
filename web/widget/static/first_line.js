// @ts-check
/**
 * The first, coarse look at the visitor's own words, with the patterns that the page was delivered
 * with. Every step has its twin in clinic/first_line.py; a test holds the two together.
 */

/** @typedef {import("./bot_message.js").Resource} Resource */
/** @typedef {"en" | "es"} Language */
/** @typedef {{category: string, language: Language}} Alarm */
/**
 * @typedef {object} FirstLineData
 * @property {Record<string, string>} signs
 * @property {Record<string, string>} readAs
 * @property {[string, Language, string][]} patterns
 * @property {Record<Language, string>} words
 * @property {Record<Language, string>} nobodyWatches the sentence of the words that is not true beside a person
 * @property {Record<Language, Resource[]>} resources
 */

const LONGEST_READ = 8000;
const APOSTROPHES = /['’‘ʼ`´]/gu;
const INVISIBLE = /[\p{M}\p{Cf}]/gu;
const SIGNS = "013457@$!";
const LETTERS = "oieastasi";

export class FirstLine {
  /** @param {FirstLineData} data */
  constructor({ signs, readAs, patterns, words, nobodyWatches, resources }) {
    this.signs = Object.entries(signs);
    this.readAs = new Map(Object.entries(readAs));
    this.patterns = patterns.map(([category, language, wanted]) => ({
      alarm: { category, language },
      wanted: new RegExp(wanted),
    }));
    this.words = words;
    this.nobodyWatches = nobodyWatches;
    this.resources = resources;
  }

  /** @param {string} text @returns {Alarm | null} the most urgent thing it may be about */
  find(text) {
    const plain = this.read(text);
    return this.patterns.find(({ wanted }) => wanted.test(plain))?.alarm ?? null;
  }

  /** @param {string} text @returns {string} plain words, with a bar where a sentence ends */
  read(text) {
    let plain = folded(bounded(text));
    for (const [sign, words] of this.signs) plain = plain.replaceAll(sign, ` ${words} `);
    plain = `${plain.replaceAll("|", " ")} `
      .replace(/\.{2,}/g, " ")
      .replace(/([a-z])([013457@$!])(?=[a-z])/g, (_, before, sign) => before + letterOf(sign))
      .replace(/[.!?;]+(?=[ \n\r\t])/g, " | ")
      .replace(/[^a-z0-9*|]+/g, " ");
    plain = ` ${plain}`.replace(/ (?:[a-z] ){3,}/g, (run) => ` ${run.replaceAll(" ", "")} `);
    const words = plain.split(" ").filter(Boolean);
    const read = words.map((word) => this.#word(word)).filter(Boolean);
    return ` ${read.map((word) => `${word} `).join("")}`;
  }

  /** @param {string} written */
  #word(written) {
    const known = this.readAs.get(written);
    if (known !== undefined) return known;
    const word = written.replace(/([a-z])\1{2,}/g, "$1").replace(/^\*+|\*+$/g, "");
    return this.readAs.get(word) ?? word;
  }
}

/** @param {string} sign "k1ll" is read as kill */
function letterOf(sign) {
  return LETTERS[SIGNS.indexOf(sign)];
}

/** @param {string} text */
function bounded(text) {
  if (text.length <= LONGEST_READ) return text;
  return `${text.slice(0, (LONGEST_READ * 3) / 4)} | ${text.slice(-LONGEST_READ / 4)}`;
}

/** @param {string} text lower case, no accents, no apostrophes, no invisible signs */
function folded(text) {
  // Apostrophes first: one of them would unfold into a space and an accent.
  const unfolded = text.replace(APOSTROPHES, "").normalize("NFKD").toLowerCase();
  return unfolded.replace(INVISIBLE, "").replace(APOSTROPHES, "");
}
