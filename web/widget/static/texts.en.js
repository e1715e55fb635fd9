// @ts-check
/** Every English word the chat shows. For another language: copy to texts.<language>.js. */
export const texts = {
  dateLocale: "en-GB", // day before month, as in "reviewed 22 Nov 2026"
  launcher: "Ask the front desk",
  title: "Front desk assistant",
  automated: "automated",
  close: "Close chat",
  log: "Conversation",
  typing: "The assistant is writing",
  author: { bot: "Assistant", visitor: "You", staff: "Clinic team" },
  now: "Today",

  // Shown to a newcomer before anything was said. The suggestions are sent as they are.
  welcome: {
    text: "Hello. What would you like to know about ketamine therapy?",
    suggestions: ["How does it work?", "Is it safe?", "Start pre-screening"],
  },

  composer: {
    label: "Your message",
    placeholder: "Write a message",
    send: "Send",
    letters: "Type letters", // to somebody whose phone shows digits only
    left: (/** @type {number} */ count) => `${count} characters left`,
    over: (/** @type {number} */ count) => `${count} characters too many`,
  },

  // These are sent exactly as written: the bot knows these words.
  spoken: { why: "Why do you ask?", skip: "Skip", back: "Go back" },
  question: {
    progress: (/** @type {number} */ number, /** @type {number} */ of) =>
      `Question ${number} of ${of}`,
    choices: "Choose one answer",
    several: "Choose all that apply",
    count: (/** @type {number} */ count) => (count === 1 ? "1 option" : `${count} options`),
    send: "Send",
    none: "None", // starts an option that unticks the others, where the question does not say which
  },

  sources: "Sources",
  reviewed: (/** @type {string} */ date) => `reviewed ${date}`,
  reasons: "Why this is the next step",
  outcome: "What happens next",
  download: "Download my answers",

  // Above the open question, for a visitor who comes back after a while.
  welcomeBack: "Welcome back. Your answers are kept; you can go on here.",
  welcomeBackToConsent: "Welcome back. You can go on here.", // nothing is kept before they agree

  // The words around help lines are in texts.crisis.js, in every language of the answers.
  crisis: { shown: "Help lines are open at the top of this chat." },

  handoff: {
    offered: "A person can take over",
    waiting: "Waiting for a person",
    live: "A person from the clinic is here",
    ended: "You are back with the assistant",
    callback: "The clinic will call you back",
  },

  // While a person waits or writes; the words of the messages themselves come from the server.
  person: {
    title: "Clinic team",
    human: "a person",
    placeholder: "Write to the clinic team",
    typing: "The clinic team is writing",
    launcher: "The clinic team has written",
    waiting: "We have called our staff.",
    live: "A person writes with you.",
    leave: { waiting: "Stop waiting", live: "Back to the assistant" },
    notEnded: "That did not work. Please try again.",
  },

  // Asked once, after an outcome, a talk with a person, or some answers.
  feedback: {
    question: "Was this helpful?",
    yes: "Yes",
    no: "No",
    skip: "Do not answer",
    thanks: "Thank you for telling us.",
  },

  failure: {
    refused: { mark: "Not sent", reason: "This message was not accepted." },
    // It may have arrived before contact was lost: nobody here can know what was saved.
    unreachable: {
      mark: "No answer",
      reason:
        "I could not reach our system. I cannot tell whether your last answer was saved; " +
        "when we go on, I ask again what is missing.",
    },
    start: "I could not reach our system.",
    retry: "Try again",
  },
};
/** @typedef {typeof texts} Texts */
