// @ts-check
/**
 * Calls staff to the screen for what is urgent, by a sound or a notice on the desktop.
 *
 * Both are off until somebody switches them on, in this browser only. Neither tells a name or
 * anything about health: others may see the screen.
 */

const SOUND = "front-desk:sound";
const NOTICE = "front-desk:notice";
const TONES = [
  { pitch: 880, at: 0 },
  { pitch: 660, at: 0.18 },
];
const TONE_SECONDS = 0.16;
const ONE_CALL_MS = 1500;

/** @type {AudioContext | undefined} */
let audio;

window.addEventListener("front-desk:changed", (event) => {
  if (!(event instanceof CustomEvent) || !event.detail.urgent) return;
  if (isOn(SOUND) && sound().state === "running") once("sound", beep);
  if (isOn(NOTICE) && Notification.permission === "granted") once("notice", show);
});
for (const kind of ["pointerdown", "keydown"]) {
  // Browsers let a page sound only after somebody has touched it.
  window.addEventListener(kind, () => isOn(SOUND) && sound().resume(), { once: true });
}
tick("wants-sound", SOUND, () => sound().resume().then(beep));
tick("wants-notice", NOTICE, allowed);

/** @param {string} name */
function isOn(name) {
  return localStorage.getItem(name) === "on";
}

/**
 * Ties a box on the page to what is kept, if it is on this page.
 * @param {string} id @param {string} name @param {() => unknown} whenOn
 */
function tick(id, name, whenOn) {
  const box = document.getElementById(id);
  if (!(box instanceof HTMLInputElement)) return;
  box.checked = isOn(name);
  box.addEventListener("change", async () => {
    if (box.checked && (await whenOn()) === false) box.checked = false;
    localStorage.setItem(name, box.checked ? "on" : "off");
  });
}

/** Whether the browser may show notices; asks the person if nobody has been asked yet. */
async function allowed() {
  const may = "Notification" in window && (await Notification.requestPermission()) === "granted";
  document.getElementById("notice-refused")?.toggleAttribute("hidden", may);
  return may;
}

/**
 * Of all tabs, one does it.
 * @param {string} what @param {() => void} deed
 */
function once(what, deed) {
  if (!navigator.locks) return deed();
  return navigator.locks.request(`front-desk-${what}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    deed();
    await new Promise((done) => setTimeout(done, ONE_CALL_MS));
  });
}

function sound() {
  audio ??= new AudioContext();
  return audio;
}

function beep() {
  const to = sound();
  for (const { pitch, at } of TONES) {
    const tone = to.createOscillator();
    const loudness = to.createGain();
    const start = to.currentTime + at;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.25, start);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + TONE_SECONDS);
    tone.connect(loudness).connect(to.destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  }
}

function show() {
  const notice = new Notification("Front desk", {
    body: "Somebody needs you now.",
    tag: "front-desk", // a second one takes the place of the first
  });
  notice.addEventListener("click", () => {
    window.focus();
    location.assign("/staff/leads");
  });
}
