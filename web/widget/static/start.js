// @ts-check
/** Puts the chat on the page, in the page's language. */
import { Chat } from "./chat.js";
import { FirstLine } from "./first_line.js";
import { HelpLines } from "./help_lines.js";
import { Live } from "./live.js";
import { texts as english } from "./texts.en.js";

/** @returns {Promise<import("./texts.en.js").Texts>} */
async function textsOfPage() {
  const language = document.documentElement.lang.slice(0, 2);
  if (!/^[a-z]{2}$/.test(language) || language === "en") return english;
  try {
    return (await import(`./texts.${language}.js`)).texts;
  } catch {
    return english;
  }
}

async function start() {
  const helpLines = document.getElementById("help-lines");
  const firstLine = document.getElementById("first-line")?.textContent;
  if (!helpLines || !firstLine) throw new Error("the chat needs the help lines in the page");
  const chat = new Chat(
    await textsOfPage(),
    new HelpLines(helpLines),
    new FirstLine(JSON.parse(firstLine)),
  );
  document.body.append(chat.panel.launcher, chat.panel.root);

  for (const link of document.querySelectorAll("a[data-opens-chat]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      chat.panel.open();
    });
  }
  const isAskedFor = new URLSearchParams(location.search).get("chat") === "open";
  if (isAskedFor || Live.wasOpen()) chat.panel.open();
}

start();
