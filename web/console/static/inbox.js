// @ts-check
/** Brings what is new into the list, without a reload and without taking away anybody's place. */

const SHOWN_EVERY_MS = 60_000;
const SOON_MS = 400;
const SOON_IN_THE_BACKGROUND_MS = 5_000;

let isFetching = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let planned;

window.addEventListener("front-desk:changed", () => refreshSoon());
document.addEventListener("visibilitychange", () => document.hidden || refreshSoon());
// Waiting times and due times go on.
setInterval(() => document.hidden || refreshSoon(), SHOWN_EVERY_MS);
document.addEventListener("keydown", (event) => event.key === "Escape" && closePanels());
document.addEventListener("pointerdown", (event) => {
  if (event.target instanceof Element && !event.target.closest(".narrow details")) closePanels();
});

/** The filters and the views lie over the list, so they go away as a menu does. */
function closePanels() {
  for (const panel of document.querySelectorAll(".narrow details[open]")) {
    const hadFocus = panel.contains(document.activeElement);
    panel.removeAttribute("open");
    if (hadFocus) panel.querySelector("summary")?.focus();
  }
}

/** Several changes at once are one look. */
function refreshSoon() {
  clearTimeout(planned);
  planned = setTimeout(refresh, document.hidden ? SOON_IN_THE_BACKGROUND_MS : SOON_MS);
}

async function refresh() {
  if (isFetching) return refreshSoon();
  isFetching = true;
  try {
    const answer = await fetch(location.href, { headers: { "X-Asked-By-The-Page": "1" } });
    const isSignedOut = answer.redirected;
    warnOfOldList(!answer.ok);
    document.getElementById("signed-out")?.toggleAttribute("hidden", !isSignedOut);
    if (answer.ok && !isSignedOut) {
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
  } catch {
    // No connection: the stream comes back by itself, and with it the next look.
    warnOfOldList(true);
  } finally {
    isFetching = false;
  }
}

/** An old list looks as calm as a new one, so it has to say that it is old. @param {boolean} isOld */
function warnOfOldList(isOld) {
  document.getElementById("not-fresh")?.toggleAttribute("hidden", !isOld);
}

/** @param {Document} fresh */
function show(fresh) {
  const before = { leads: linksIn("live-list"), alarms: linksIn("live-alarms") };
  const place = keepPlace();
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (other && other.innerHTML !== part.innerHTML) part.replaceChildren(...other.childNodes);
  }
  place();
  document.title = fresh.title;
  const leads = added(before.leads, linksIn("live-list"));
  const alarms = added(before.alarms, linksIn("live-alarms"));
  for (const link of leads) link.closest("tr")?.classList.add("came-now");
  announce(leads.length, alarms.length);
}

/** @param {string} id @returns {HTMLAnchorElement[]} */
function linksIn(id) {
  const links = document.querySelectorAll(`#${id} :is(tbody, ul) a`);
  return /** @type {HTMLAnchorElement[]} */ ([...links]);
}

/** @param {HTMLAnchorElement[]} before @param {HTMLAnchorElement[]} after */
function added(before, after) {
  const known = new Set(before.map((link) => link.href));
  return after.filter((link) => !known.has(link.href));
}

/**
 * Remembers which link has the focus and where it stands on the screen. The function returned
 * puts both back; without a focus, the first line that can be seen stays where it is.
 */
function keepPlace() {
  const focused = document.activeElement?.closest("[data-live] a");
  const seen = focused ?? linksIn("live-list").find((one) => one.getBoundingClientRect().top > 0);
  if (!seen) return () => {};
  const top = seen.getBoundingClientRect().top;
  const address = seen.getAttribute("href");
  const number = linksIn("live-list").findIndex((link) => link === focused);
  return () => {
    const links = [...document.querySelectorAll("[data-live] a")];
    const again = links.find((link) => link.getAttribute("href") === address);
    const next = again ?? linksIn("live-list")[Math.max(number, 0)];
    if (focused && next instanceof HTMLElement) next.focus({ preventScroll: true });
    if (again && window.scrollY > 0) window.scrollBy(0, again.getBoundingClientRect().top - top);
  };
}

/** @param {number} leads @param {number} alarms */
function announce(leads, alarms) {
  const said = [];
  if (alarms) said.push("Somebody needs you now: look at the top of this page.");
  if (leads) said.push(leads === 1 ? "One more lead in the list." : `${leads} more leads in the list.`);
  const region = document.getElementById("announced");
  if (region && said.length) region.textContent = said.join(" ");
}
