// @ts-check
/** Several tabs of one visitor: each tells the others that something was said, never what. */

/** @typedef {"said" | "answered" | "deleted"} News */

export class Tabs {
  #channel = new BroadcastChannel("conversation");

  /** @param {(news: News) => void} whenTold by another tab */
  listen(whenTold) {
    this.#channel.addEventListener("message", ({ data }) => whenTold(data));
  }

  /** @param {News} news */
  tell(news) {
    this.#channel.postMessage(news);
  }
}
