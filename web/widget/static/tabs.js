// @ts-check
/** Several tabs of one visitor: each tells the others that something was said, never what. */

/** @typedef {"said" | "answered" | "deleted"} News */

export class Tabs {
  #channel = channel();

  /** @param {(news: News) => void} whenTold by another tab */
  listen(whenTold) {
    this.#channel?.addEventListener("message", ({ data }) => whenTold(data));
  }

  /** @param {News} news */
  tell(news) {
    this.#channel?.postMessage(news);
  }
}

/** @returns {BroadcastChannel | null} none where a browser keeps nothing, as Firefox in a frame */
function channel() {
  try {
    return new BroadcastChannel("conversation");
  } catch {
    return null;
  }
}
