// @ts-check
// Keeps the lists of live chats fresh without a reload, and leaves the focus where it is.

const EVERY_MS = 15_000; // waiting times grow, and a stream may have been lost

const lists = /** @type {HTMLElement} */ (document.getElementById("lists"));
const announcement = document.getElementById("announcement");
const title = document.title.replace(/^\(\d+\) /, "");
let waited = numberWaiting();
let isLooking = false;

window.addEventListener("front-desk:changed", (event) => {
  const kinds = /** @type {CustomEvent<{kinds: string[]}>} */ (event).detail?.kinds ?? [];
  if (kinds.includes("handoff") || kinds.includes("crisis")) look();
});
setInterval(() => document.hidden || look(), EVERY_MS);
document.addEventListener("visibilitychange", () => document.hidden || look());

async function look() {
  if (isLooking) return;
  isLooking = true;
  try {
    const answer = await fetch("/staff/live?part=lists", { redirect: "manual" });
    if (answer.ok) show(await answer.text());
  } catch {
    // the next look may get through
  } finally {
    isLooking = false;
  }
}

/** @param {string} html made by our own template, which escapes everything */
function show(html) {
  const focused = lists.contains(document.activeElement) ? document.activeElement : null;
  const place = focused ? [...lists.querySelectorAll("a, button")].indexOf(focused) : -1;
  const href = focused?.getAttribute("href");
  lists.innerHTML = html;
  const places = [...lists.querySelectorAll("a, button")];
  const same = href ? places.find((node) => node.getAttribute("href") === href) : places[place];
  if (focused && same instanceof HTMLElement) same.focus({ preventScroll: true });
  tell(numberWaiting());
}

/** @param {number} waiting */
function tell(waiting) {
  document.title = waiting ? `(${waiting}) ${title}` : title;
  if (announcement && waiting > waited) {
    announcement.textContent =
      waiting === 1 ? "A visitor waits for a person." : `${waiting} visitors wait for a person.`;
  }
  waited = waiting;
}

function numberWaiting() {
  return Number(lists.querySelector("[data-waiting]")?.getAttribute("data-waiting") ?? 0);
}
