// @ts-check
/**
 * Reads server-sent events with fetch, as the browser's own EventSource cannot send the key.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */

/** @typedef {(name: string, data: string) => void} WhenEvent */

/**
 * Until the server ends it.
 * @param {Response} response a stream @param {WhenEvent} whenEvent
 * @param {() => void} whenAnything came, if only a sign that the server is there
 */
export async function readEvents(response, whenEvent, whenAnything) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    whenAnything();
    const read = (rest + decoder.decode(value, { stream: true })).replaceAll("\r\n", "\n");
    const blocks = read.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) tell(block, whenEvent);
  }
}

/** @param {string} block the lines of one event @param {WhenEvent} whenEvent */
function tell(block, whenEvent) {
  let name = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const [field, value] = parted(line);
    if (field === "event") name = value;
    if (field === "data") data.push(value);
  }
  if (data.length) whenEvent(name, data.join("\n"));
}

/** @param {string} line `field: value`; a comment begins with the colon */
function parted(line) {
  const at = line.indexOf(":");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
}
