// @ts-check
/** Saves one of the visitor's own files; a plain link could not send the key. */
import * as api from "./api.js";
import { button, element } from "./elements.js";

/** @typedef {import("./texts.js").Texts} Texts */

const NOTHING = "nothing_kept";
const LONG_ENOUGH_MS = 60_000; // for a browser to write the file

/** @param {string} path @param {string} label @param {string} kind its class @param {Texts} texts */
export function saveButton(path, label, kind, texts) {
  const words = element("span", { role: "status", class: "saving" });
  let isBusy = false; // not disabled: that would take the focus from the button just pressed
  const save = button(label, async () => {
    if (isBusy) return;
    isBusy = true;
    words.textContent = await saved(path, texts);
    isBusy = false;
  }, kind);
  return element("span", { class: "save" }, save, words);
}

/** @param {string} path @param {Texts} texts @returns {Promise<string>} why not; empty if it is */
export async function saved(path, texts) {
  try {
    const { content, name } = await api.file(path);
    const url = URL.createObjectURL(content);
    element("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), LONG_ENOUGH_MS);
    return "";
  } catch (failure) {
    const isEmpty = failure instanceof api.Failure && failure.code === NOTHING;
    return isEmpty ? texts.saving.nothing : texts.saving.failed;
  }
}
