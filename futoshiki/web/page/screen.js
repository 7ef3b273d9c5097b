// What is on the screen: which parts, and what is said to the player.

import * as strings from "./strings.js";

export const find = (id) => document.getElementById(id);

/** Parts that are hidden until there is something in them, on the screens to which they belong. */
const EMPTY_AT_FIRST = ["hint-card", "doubts", "boards"];

/** Show a screen: "start", "busy", "board" or "live". */
export function go(screen) {
  document.body.dataset.screen = screen;
  for (const element of document.querySelectorAll("[data-for]")) {
    element.hidden = !element.dataset.for.split(" ").includes(screen) || EMPTY_AT_FIRST.includes(element.id);
  }
  find("game-id").hidden = true;
}

export const isOn = (screen) => document.body.dataset.screen === screen;

export function say(text) {
  if (find("message").textContent !== text) find("message").textContent = text; // or a screen reader repeats it
}

/** Say what went wrong; nothing with an empty text. */
export function complain(text) {
  find("error").textContent = strings.sentence(text);
  find("error").hidden = !text;
}

/** An action that tells the player what went wrong instead of throwing. */
export function guarded(action) {
  return async () => {
    complain("");
    try {
      await action();
    } catch (error) {
      if (error.name !== "AbortError") complain(error.message);
    }
  };
}

/** A new element with a text. */
export const element = (name, text = "") => Object.assign(document.createElement(name), { textContent: text });

export function makeButton(action) {
  const button = document.createElement("button");
  button.type = "button";
  button.addEventListener("click", guarded(action));
  return button;
}

/** Fill a row of buttons, one for each item. */
export function fillRow(id, buttons) {
  find(id).replaceChildren(...buttons);
  find(id).hidden = !buttons.length;
}

/** Put the texts of the page in their places. */
export function fillIn() {
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = strings.TEXTS[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]")) {
    const label = strings.LABELS[element.dataset.label];
    element.setAttribute("aria-label", label);
    if (element.matches("button, a")) element.title = label;
  }
}
