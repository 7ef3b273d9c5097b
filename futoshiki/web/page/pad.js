// The pad on which the player says what stands at a place of the board.

import { neighbours, pitch, placeKey, placePoint, signPlace } from "./geometry.js";
import { makeButton } from "./screen.js";
import { padQuestion, READ_AS, READ_AS_WRITTEN, signButton, valueLabel, valueText } from "./strings.js";

/** Side of the crop from the photo, in pitches. */
const REACH = 1.9;

export class Pad {
  #resolve = null;

  constructor(dialog) {
    this.dialog = dialog;
    this.find = (name) => dialog.querySelector(`[data-pad=${name}]`);
    dialog.addEventListener("close", () => this.#resolve?.(null));
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // beside the pad
    });
    this.find("close").addEventListener("click", () => dialog.close());
    for (const kind of dialog.querySelectorAll("[name=kind]")) kind.addEventListener("change", () => this.#mark());
  }

  /** What the player chooses: `{place, value, isWritten}`, or null if the pad is closed. */
  ask(photo, board, place) {
    this.#fill(photo, board, place);
    if (!this.dialog.open) this.dialog.showModal();
    (this.find("values").querySelector("[aria-pressed=true]") ?? this.find("close")).focus();
    return new Promise((resolve) => {
      this.#resolve = (choice) => {
        this.#resolve = null;
        if (this.dialog.open) this.dialog.close();
        resolve(choice);
      };
    });
  }

  #fill(photo, board, place) {
    [this.photo, this.board, this.place] = [photo, board, place];
    this.find("question").textContent = padQuestion(place);
    this.find("kind").hidden = !place.cell;
    const written = place.cell ? board.writtenAt(...place.cell) : 0;
    this.dialog.querySelector(`[name=kind][value=${written ? "written" : "printed"}]`).checked = true;
    const doubt = board.doubtAt(place);
    this.find("read").textContent = written ? READ_AS_WRITTEN(written) : READ_AS(doubt?.read ?? board.valueAt(place));
    this.find("values").replaceChildren(...board.valuesFor(place).map((value) => this.#valueButton(value, doubt)));
    this.find("signs").replaceChildren(...(place.cell ? this.#signButtons() : []));
    this.#mark();
    drawCrop(this.find("crop"), photo, board, place);
  }

  get #isWritten() {
    return Boolean(this.place.cell) && this.dialog.querySelector("[name=kind]:checked").value === "written";
  }

  #valueButton(value, doubt) {
    const likely = doubt && [doubt.read, doubt.instead].includes(value);
    const button = makeButton(() => this.#resolve?.({ place: this.place, value, isWritten: this.#isWritten }));
    button.textContent = valueText(value);
    button.dataset.value = value;
    button.setAttribute("aria-label", valueLabel(value));
    button.classList.toggle("likely", Boolean(likely));
    return button;
  }

  #signButtons() {
    return neighbours(this.board.size, ...this.place.cell).map(([direction, other]) => {
      const button = makeButton(() => {
        this.#fill(this.photo, this.board, signPlace(this.place.cell, other));
        this.find("values").querySelector("[aria-pressed=true]").focus();
      });
      button.textContent = signButton(direction);
      return button;
    });
  }

  /** Mark the value that stands there now, among what is printed or what the player wrote. */
  #mark() {
    const now = this.#isWritten ? String(this.board.writtenAt(...this.place.cell) || "blank") : this.board.valueAt(this.place);
    for (const button of this.find("values").children) button.setAttribute("aria-pressed", String(button.dataset.value === now));
  }
}

function drawCrop(canvas, photo, board, place) {
  const side = REACH * pitch(board.cells);
  const [x, y] = placePoint(board, place);
  const context = canvas.getContext("2d");
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(photo.image, x - side / 2, y - side / 2, side, side, 0, 0, canvas.width, canvas.height);
  canvas.dataset.place = placeKey(place);
}
