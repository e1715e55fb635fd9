// @ts-check
/**
 * Keys for those who work here all day. They do nothing while somebody types, and together with
 * Ctrl, Alt or ⌘ they stay the browser's. Whoever speaks to the computer or hits keys by chance
 * can switch them off; "?" always works, as it is where they are switched on again.
 */

const OFF = "front-desk:keys";
const SECOND_KEY_WITHIN_MS = 1500;

/** After "g": key, address, name. What is not in somebody's menu is not offered. */
const PLACES = [
  ["l", "/staff/leads", "Leads"],
  ["c", "/staff/live", "Live chats"],
  ["n", "/staff/numbers", "Numbers"],
  ["t", "/staff/teaching", "Teaching"],
  ["m", "/staff/team", "Team"],
  ["o", "/staff/notices", "Notices"],
  ["a", "/staff/audit", "Audit"],
  ["p", "/staff/account", "Your account"],
].filter(([, address]) => document.querySelector(`.top a[href="${address}"]`));

/** @type {[string, string][]} */
const KEYS = [
  ["j or ↓", "next line"],
  ["k or ↑", "line before"],
  ["Enter", "open it"],
  ["/", "find somebody"],
  ...PLACES.map(([key, , name]) => /** @type {[string, string]} */ ([`g, then ${key}`, name])),
  ["?", "these keys"],
];

let goesSomewhere = 0;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?") return take(event, showKeys);
  if (localStorage.getItem(OFF) === "off") return;
  if (event.timeStamp - goesSomewhere < SECOND_KEY_WITHIN_MS) {
    goesSomewhere = 0;
    const place = PLACES.find(([key]) => key === event.key);
    if (place) return take(event, () => location.assign(place[1]));
  }
  if (event.key === "g") goesSomewhere = event.timeStamp;
  if (event.key === "/") take(event, find);
  const lines = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".inbox tbody th a")]);
  const here = lines.findIndex((line) => line === document.activeElement);
  const step = stepOf(event.key, here >= 0);
  if (step && lines.length) {
    const to = here < 0 ? 0 : Math.min(Math.max(here + step, 0), lines.length - 1);
    take(event, () => lines[to].focus());
  }
});

/** @param {Event} event @param {() => void} deed */
function take(event, deed) {
  event.preventDefault();
  deed();
}

/**
 * Arrows scroll the page, as everywhere, until somebody stands on a line.
 * @param {string} key @param {boolean} isOnALine
 */
function stepOf(key, isOnALine) {
  if (key === "j" || (isOnALine && key === "ArrowDown")) return 1;
  if (key === "k" || (isOnALine && key === "ArrowUp")) return -1;
  return 0;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement
    && (target.isContentEditable || Boolean(target.closest("input, textarea, select, [role=textbox]")));
}

function find() {
  const field = document.querySelector(".search input[type=search]");
  if (!(field instanceof HTMLInputElement)) return location.assign("/staff/leads/search");
  field.focus();
  field.select();
}

function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.className = "keys";
  dialog.setAttribute("aria-labelledby", "keys");
  const title = made("h2", "Keys");
  title.id = "keys";
  const list = document.createElement("dl");
  for (const [key, what] of KEYS) list.append(made("dt", key), made("dd", what));
  const close = made("button", "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.append(title, list, onOrOff(), close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function onOrOff() {
  const label = made("label", " Use these keys in this browser");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = localStorage.getItem(OFF) !== "off";
  box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "on" : "off"));
  label.prepend(box);
  label.className = "tick";
  return label;
}

/** @param {string} tag @param {string} text */
function made(tag, text) {
  const node = document.createElement(tag);
  node.textContent = text;
  return node;
}
