// @ts-check
/** The words around help lines, in every language in which the answers to a crisis are written. */
import { textMessage } from "./help_lines.js";

/** @typedef {typeof english} CrisisTexts */

const english = {
  title: "You can reach someone right now",
  more: "More people you can reach",
  now: "Reach someone now",
  call: (/** @type {string} */ number) => `Call ${number}`,
  text: (/** @type {string} */ how) => {
    const { to, body } = textMessage(how);
    return body ? `Text ${body} to ${to}` : `Text ${to}`;
  },
  chat: "Chat online",
  at: (/** @type {string} */ deed, /** @type {string} */ name) => `${deed}, ${name}`,
};

/** @type {CrisisTexts} */
const spanish = {
  title: "Puedes hablar con alguien ahora mismo",
  more: "Más personas que pueden ayudarte",
  now: "Habla con alguien ahora",
  call: (number) => `Llamar al ${number}`,
  text: (how) => {
    const { to, body } = textMessage(how);
    return body ? `Enviar ${body} al ${to}` : `Mensaje de texto al ${to}`;
  },
  chat: "Chat en línea",
  at: (deed, name) => `${deed}, ${name}`,
};

/** @param {string | undefined} language of the bubble */
export const crisisTexts = (language) => (language === "es" ? spanish : english);
