// @ts-check
/** A short tone when a person has written; off until the visitor turns it on. */

const PLACE = "sound";
const SECONDS = 0.25;
const HERTZ = 660;
const VOLUME = 0.08;
const FRESH_MS = 1_000; // a tone that had to wait for longer would only startle

export class Sound {
  /** @type {AudioContext | null} */ #audio = null;
  isOn = wasOn();

  /** @param {boolean} isOn browsers allow sound only after a deed like this one */
  turn(isOn) {
    this.isOn = isOn;
    try {
      if (isOn) localStorage.setItem(PLACE, "on");
      else localStorage.removeItem(PLACE);
    } catch {
      // then it is on for as long as this page
    }
    this.play();
  }

  /** As well as the browser lets us: what a person wrote is shown with or without it. */
  async play() {
    if (!this.isOn) return;
    const since = Date.now();
    try {
      this.#audio ??= new AudioContext();
      // It sleeps until the visitor has done something on this page, and on a phone after a call.
      if (this.#audio.state !== "running") await this.#audio.resume();
      if (Date.now() - since < FRESH_MS) sound(this.#audio);
    } catch {
      // no sound then
    }
  }
}

/** @param {AudioContext} audio */
function sound(audio) {
  const { currentTime, destination } = audio;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = HERTZ;
  volume.gain.setValueAtTime(VOLUME, currentTime);
  volume.gain.exponentialRampToValueAtTime(0.0001, currentTime + SECONDS);
  tone.connect(volume).connect(destination);
  tone.start();
  tone.stop(currentTime + SECONDS);
}

function wasOn() {
  try {
    return localStorage.getItem(PLACE) === "on";
  } catch {
    return false;
  }
}
