// @ts-check
/**
 * Hears from the server that something changed, and tells the scripts of every open page.
 *
 * Only one tab holds the stream and passes on what it hears: a browser opens six connections to a
 * website at most, and a seventh tab would wait for ever. When that tab is closed, another one
 * takes over. Other scripts listen to `front-desk:changed` on the window; its detail is
 * `{kinds: ("lead" | "crisis" | "handoff")[], urgent: boolean}`.
 */

/** @typedef {{kinds: string[], urgent: boolean}} News */

const EVERYTHING = { kinds: ["lead", "crisis", "handoff"], urgent: false };
const SHORTEST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 300_000;

const tabs = new BroadcastChannel("front-desk");
let wait = SHORTEST_WAIT_MS;

tabs.addEventListener("message", (event) => tell(event.data));
if (navigator.locks) {
  navigator.locks.request("front-desk-stream", () => {
    listen();
    return new Promise(() => {}); // until this page is gone
  });
} else {
  listen(); // a plain http address that is not this machine's own
}

function listen() {
  const stream = new EventSource("/staff/events");
  stream.addEventListener("listening", () => {
    wait = SHORTEST_WAIT_MS;
    passOn(EVERYTHING); // whatever was missed until now
  });
  stream.addEventListener("changed", (event) => passOn(JSON.parse(event.data)));
  stream.addEventListener("error", () => {
    // A lost connection comes back by itself. This one was refused: signed out, or an error.
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(listen, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  });
}

/** @param {News} news */
function passOn(news) {
  tell(news);
  tabs.postMessage(news);
}

/** @param {News} news */
function tell(news) {
  window.dispatchEvent(new CustomEvent("front-desk:changed", { detail: news }));
}
