// @ts-check
/**
 * The key of this visitor's conversation. It stands in the storage of our own website, which a
 * browser keeps apart for every website that we are embedded in; no page around us can read it.
 * Where a browser gives us no storage, the server puts it into a cookie, if the browser has those
 * for a frame; else the key lives as long as this page.
 */

const PLACE = "conversation";
const DAYS = 30; // without a visit; then the visitor is a new one
const DAY_MS = 24 * 3600 * 1000;

/** @type {string | null} */
let own = null;
let deletions = 0;

/** @returns {boolean} whether the browser keeps what we store */
export function hasStorage() {
  try {
    localStorage.setItem(`${PLACE}-trial`, "");
    localStorage.removeItem(`${PLACE}-trial`);
    return true;
  } catch {
    return false;
  }
}

/** @returns {string | null} */
export function key() {
  return stored() ?? own;
}

/**
 * Takes what the server gives, unless the conversation was deleted while we asked.
 * @returns {(fresh: string) => void}
 */
export function keeper() {
  const before = deletions;
  return (fresh) => {
    if (before !== deletions) return;
    own = fresh;
    write(JSON.stringify({ key: fresh, at: Date.now() }));
  };
}

/** Another tab may have begun a new conversation already: that key stays. */
export function forgetKey() {
  deletions += 1;
  if (own === null || stored() === own) write(null);
  own = null;
}

/**
 * Two tabs that open at once must not begin two conversations.
 * @template T @param {() => Promise<T>} deed
 */
export async function oneTabAtATime(deed) {
  let release = () => {};
  const held = new Promise((resolve) => (release = () => resolve(null)));
  await new Promise((go) => {
    // Without https there are no locks, and a browser may deny them to a frame: then we do without.
    const lock = navigator.locks?.request(PLACE, () => (go(null), held));
    if (lock) lock.catch(go);
    else go(null);
  });
  return deed().finally(release);
}

/** @returns {string | null} */
function stored() {
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "null");
    return kept && Date.now() - kept.at < DAYS * DAY_MS ? kept.key : null;
  } catch {
    return null;
  }
}

/** @param {string | null} value */
function write(value) {
  try {
    if (value === null) localStorage.removeItem(PLACE);
    else localStorage.setItem(PLACE, value);
  } catch {
    // storage may be switched off; then a reload begins a new conversation
  }
}
