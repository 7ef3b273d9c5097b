// The board as a grid for keyboard and screen reader. It is not seen: the canvas shows which cell has the focus.

import { cellLabel } from "./strings.js";

const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

export class CellGrid {
  #board = null;
  #at = [0, 0];

  /** `tap(r, c)` is called for Enter and Space, `focus(cell or null)` when the focus moves. */
  constructor(element, { tap, focus }) {
    this.element = element;
    element.addEventListener("keydown", (event) => this.#key(event, tap));
    element.addEventListener("click", (event) => {
      const cell = event.target.closest("[role=gridcell]");
      if (cell) tap(...this.#cellOf(cell));
    });
    element.addEventListener("focusin", (event) => {
      this.#at = this.#cellOf(event.target);
      focus(this.#at);
    });
    element.addEventListener("focusout", () => focus(null));
  }

  /** Say what the cells of a board hold. */
  update(board) {
    if (board.size !== this.#board?.size) this.#build(board.size);
    this.#board = board;
    for (const cell of this.element.querySelectorAll("[role=gridcell]")) {
      const [r, c] = this.#cellOf(cell);
      const [given, entry, shown] = [board.given(r, c), board.writtenAt(r, c), board.answerAt(r, c)];
      cell.textContent = cellLabel({ r, c, given, entry, shown, wrong: board.isWrong(r, c), signs: board.signsAround(r, c) });
    }
  }

  #build(size) {
    const make = (role, children) => {
      const element = document.createElement("div");
      element.setAttribute("role", role);
      element.append(...children);
      return element;
    };
    const cells = Array.from({ length: size }, (_, r) =>
      Array.from({ length: size }, (_, c) => {
        const cell = make("gridcell", []);
        cell.dataset.cell = `${r},${c}`;
        cell.tabIndex = r + c ? -1 : 0;
        return cell;
      }),
    );
    this.element.replaceChildren(...cells.map((row) => make("row", row)));
    this.#at = [0, 0];
  }

  #cellOf = (element) => element.dataset.cell.split(",").map(Number);

  #key(event, tap) {
    const step = STEPS[event.key];
    if (step) this.#go(this.#at[0] + step[0], this.#at[1] + step[1]);
    else if (event.key === "Home") this.#go(this.#at[0], 0);
    else if (event.key === "End") this.#go(this.#at[0], this.#board.size - 1);
    else if (event.key === "Enter" || event.key === " ") tap(...this.#at);
    else return;
    event.preventDefault();
  }

  #go(r, c) {
    const next = this.element.querySelector(`[data-cell="${r},${c}"]`);
    if (!next) return;
    this.element.querySelector("[tabindex='0']").tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }
}
