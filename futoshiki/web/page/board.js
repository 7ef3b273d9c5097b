// One board as the player sees it: what was read, what the player put right, and what of the answer is shown.

import { isAcross, neighbours, placeKey, signPlace } from "./geometry.js";

const SIGNS = { true: ["none", "<", ">"], false: ["none", "∧", "∨"] };
const LESS = ["<", "∧"];

const cellKey = (r, c) => `${r},${c}`;

export class Board {
  /** `read` is a board of the server's answer. */
  constructor(read) {
    this.read = read;
    this.settled = new Map(); // key of a place -> {place, value}
    this.written = new Map(read.entries.map(([r, c, value]) => [cellKey(r, c), value]));
    this.shown = new Set();
    this.take(read);
  }

  /** Take what the server says about the board with the clues settled so far. */
  take(now) {
    this.now = now;
    this.forget();
  }

  /** Forget the hint and the check, which no longer hold once a clue or an entry is another. */
  forget() {
    this.wrong = new Set();
    this.hint = null;
    this.level = 0;
  }

  get size() {
    return this.read.size;
  }

  get cells() {
    return this.read.cells;
  }

  get corners() {
    return this.read.corners;
  }

  get solution() {
    return this.now.solution;
  }

  /** What the player wrote, as [row, column, value]. */
  entries() {
    return [...this.written].map(([key, value]) => [...key.split(",").map(Number), value]);
  }

  /** What the player wrote and the digits that were shown: where a hint begins. */
  progress() {
    const seen = [...this.shown].map((key) => key.split(",").map(Number)).filter(([r, c]) => this.answerAt(r, c));
    const all = new Map([...seen.map(([r, c]) => [cellKey(r, c), this.solution[r][c]]), ...this.written]);
    return [...all].map(([key, value]) => [...key.split(",").map(Number), value]);
  }

  given = (r, c) => this.now.givens[r][c];
  writtenAt = (r, c) => (this.given(r, c) ? 0 : (this.written.get(cellKey(r, c)) ?? 0));
  isWrong = (r, c) => this.wrong.has(cellKey(r, c));

  /** The digit of the answer in a cell if it is shown, otherwise 0. */
  answerAt(r, c) {
    return this.shown.has(cellKey(r, c)) && this.solution && !this.given(r, c) ? this.solution[r][c] : 0;
  }

  show(r, c) {
    this.shown.add(cellKey(r, c));
  }

  showAll() {
    this.now.givens.forEach((row, r) => row.forEach((_, c) => this.show(r, c)));
  }

  hideAll() {
    this.shown.clear();
  }

  get allShown() {
    return this.shown.size === this.size ** 2;
  }

  /** Note what the player wrote in a cell; 0 for nothing. */
  write(r, c, value) {
    if (value) this.written.set(cellKey(r, c), value);
    else this.written.delete(cellKey(r, c));
    this.forget();
  }

  /** Mark entries, [row, column, value], as wrong. */
  markWrong(mistakes) {
    this.wrong = new Set(mistakes.map(([r, c]) => cellKey(r, c)));
  }

  /** The value at a place as in a doubt: "blank" or a digit, "none" or a sign. */
  valueAt(place) {
    if (place.cell) return String(this.given(...place.cell) || "blank");
    const [a, b] = [place.sign.join(), [...place.sign.slice(2), ...place.sign.slice(0, 2)].join()];
    const signs = SIGNS[isAcross(place)];
    const less = this.now.less.map((sign) => sign.join());
    return less.includes(a) ? signs[1] : less.includes(b) ? signs[2] : signs[0];
  }

  /** All values that may stand at a place. */
  valuesFor(place) {
    return place.cell ? ["blank", ...Array.from({ length: this.size }, (_, k) => String(k + 1))] : SIGNS[isAcross(place)];
  }

  /** The doubts about places that the player has not settled. */
  get doubts() {
    return this.now.doubts.filter((doubt) => !this.settled.has(placeKey(doubt)));
  }

  doubtAt = (place) => [...this.now.doubts, ...this.read.doubts].find((doubt) => placeKey(doubt) === placeKey(place));

  /** The signs around a cell by direction, as seen from the cell: "less" or "greater". */
  signsAround(r, c) {
    const found = {};
    for (const [direction, other] of neighbours(this.size, r, c)) {
      const place = signPlace([r, c], other);
      const value = this.valueAt(place);
      if (value === "none") continue;
      const isFirst = place.sign[0] === r && place.sign[1] === c;
      found[direction] = LESS.includes(value) === isFirst ? "less" : "greater";
    }
    return found;
  }
}

/** Settled clues, `{place, value}`, in words that the server understands. */
export const clues = (settled) => [...settled].map(({ place, value }) => clueText(place, value));

/** A clue in the words of `--set`: `r3c2=4`, `r1c1<r1c2` or `r1c1|r1c2`. */
function clueText({ cell, sign }, value) {
  const name = (r, c) => `r${r + 1}c${c + 1}`;
  if (cell) return `${name(...cell)}=${value === "blank" ? 0 : value}`;
  const between = value === "none" ? "|" : LESS.includes(value) ? "<" : ">";
  return `${name(sign[0], sign[1])}${between}${name(sign[2], sign[3])}`;
}
