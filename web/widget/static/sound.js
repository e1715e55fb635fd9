// @ts-check
/** A short tone when a person has written; off until the visitor turns it on. */

const PLACE = "sound";
const SECONDS = 0.25;
const HERTZ = 660;
const VOLUME = 0.08;

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

  play() {
    if (!this.isOn) return;
    this.#audio ??= new AudioContext();
    const { currentTime, destination } = this.#audio;
    const tone = this.#audio.createOscillator();
    const volume = this.#audio.createGain();
    tone.frequency.value = HERTZ;
    volume.gain.setValueAtTime(VOLUME, currentTime);
    volume.gain.exponentialRampToValueAtTime(0.0001, currentTime + SECONDS);
    tone.connect(volume).connect(destination);
    tone.start();
    tone.stop(currentTime + SECONDS);
  }
}

function wasOn() {
  try {
    return localStorage.getItem(PLACE) === "on";
  } catch {
    return false;
  }
}
