// @ts-check
/** The clinic's own colour for what is ours, made readable on the ground that it stands on. */

/** @typedef {[number, number, number]} Rgb */

const HEX = /^#[0-9a-f]{6}$/i;
const READABLE = 4.5; // WCAG 2.2, 1.4.3
const STEPS = 20;
const DARK = matchMedia("(prefers-color-scheme: dark)");

let own = "";

DARK.addEventListener("change", draw);

/** @param {string} [colour] #rrggbb; anything else leaves the chat as it is */
export function paint(colour) {
  if (!colour || !HEX.test(colour)) return;
  own = colour;
  draw();
}

function draw() {
  if (!own) return;
  const style = document.documentElement.style;
  for (const [name, value] of Object.entries(shades(own, DARK.matches))) {
    style.setProperty(name, value);
  }
}

/** @param {string} colour @param {boolean} isDark @returns {Record<string, string>} */
export function shades(colour, isDark) {
  const ground = rgb(isDark ? "#262c2a" : "#f3ece1"); // the least of our grounds, --sunk
  const end = rgb(isDark ? "#ffffff" : "#000000");
  const accent = towards(rgb(colour), end, (shade) => contrast(shade, ground) >= READABLE);
  const strong = mixed(accent, end, 0.2);
  const black = rgb("#000000");
  const white = rgb("#ffffff");
  const on = contrast(accent, white) >= contrast(accent, black) ? white : black;
  return {
    "--accent": hex(accent),
    "--accent-strong": hex(strong),
    "--on-accent": hex(on),
    "--tint": hex(mixed(accent, rgb(isDark ? "#1f2423" : "#fffdf9"), 0.88)),
  };
}

/** @param {Rgb} from @param {Rgb} to @param {(shade: Rgb) => boolean} isGood the first that is */
function towards(from, to, isGood) {
  for (let step = 0; step < STEPS; step += 1) {
    const shade = mixed(from, to, step / STEPS);
    if (isGood(shade)) return shade;
  }
  return to;
}

/** @param {Rgb} first @param {Rgb} second by WCAG: from 1 to 21 */
export function contrast(first, second) {
  const [light, dark] = [luminance(first), luminance(second)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {Rgb} colour */
function luminance(colour) {
  const [red, green, blue] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {Rgb} from @param {Rgb} to @param {number} share of the second @returns {Rgb} */
function mixed(from, to, share) {
  const part = (/** @type {number} */ at) => Math.round(from[at] + (to[at] - from[at]) * share);
  return [part(0), part(1), part(2)];
}

/** @param {string} text #rrggbb @returns {Rgb} */
export function rgb(text) {
  const part = (/** @type {number} */ at) => parseInt(text.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}

/** @param {Rgb} colour */
function hex(colour) {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
