// @ts-check
/** Puts the chat on its page, which stands alone or in a frame on a clinic's website. */
import { Chat } from "./chat.js";
import { paint } from "./colour.js";
import { FirstLine } from "./first_line.js";
import { HelpLines } from "./help_lines.js";
import { Host } from "./host.js";
import { source } from "./source.js";
import { pageData } from "./texts.js";

function start() {
  const bar = document.getElementById("help-lines");
  if (!bar) throw new Error("the chat needs the help lines in the page");
  const host = new Host();
  const firstLine = new FirstLine(pageData.firstLine);
  const chat = new Chat(pageData.texts, new HelpLines(bar), firstLine, host);
  document.getElementById("no-chat")?.remove();
  document.body.append(chat.panel.root);
  if (!host.isThere) {
    chat.arrange({ source: source() });
    chat.opened(true);
    return;
  }
  host.listen({
    settings(settings) {
      paint(settings.colour);
      chat.arrange(settings);
      if (settings.open) chat.opened();
      else chat.wake();
    },
    opened: (takesFocus) => chat.opened(takesFocus),
    closed: () => chat.closed(),
  });
}

start();
