// A photo and its boards: choosing one, tapping it, correcting it, and getting help.

import { check, hint, settle } from "./api.js";
import { Board, clues } from "./board.js";
import { drawBoards } from "./drawing.js";
import { cellAt, cellPlace, inPageOrder, isInside, outline, placeAt, placeKey, placePoint } from "./geometry.js";
import { CellGrid } from "./grid.js";
import { Pad } from "./pad.js";
import { element, fillRow, find, guarded, isOn, makeButton, say } from "./screen.js";
import { copyText, playAddress, printBoard, sharePicture } from "./share.js";
import * as strings from "./strings.js";
import { View } from "./view.js";

export class Game {
  photo = null;
  boards = [];
  current = null;
  #result = null;
  #signal = null;
  #mode = "look"; // what a tap on the board does: "look", "show" or "correct"
  #focus = null;
  #pad = new Pad(find("pad"));
  #grid = new CellGrid(find("grid"), { tap: (r, c) => this.#enter(r, c), focus: (cell) => this.#focusOn(cell) });
  view = new View(find("view"), {
    draw: (context, px) => drawBoards(context, this.photo, this.boards, this.current, { px, focus: this.#focus }),
    tap: (point) => this.#tap(point),
  });

  /** Show the boards of a result on its photo. Requests about them end with the signal. */
  open(photo, result, signal) {
    const boards = inPageOrder(result.boards).map((board) => new Board(board));
    [this.#result, this.#signal] = [result, signal];
    this.look(photo, boards);
    this.#choose(boards.find((board) => board.read === result.boards[0]));
    if (boards.length > 1) this.view.fit();
    find("message").focus();
  }

  /** Show a photo and boards on it that are only looked at, such as a frame of the camera. */
  look(photo, boards = []) {
    [this.photo, this.boards, this.current] = [photo, boards, boards[0] ?? null];
    this.view.show(photo);
  }

  close() {
    this.look(null);
    this.setMode("look");
  }

  /** Show the current board as large as it fits, or the whole photo if it is shown so already. */
  fit = () => this.view.fit(this.view.isWhole ? outline(this.current) : null);

  setMode(mode) {
    this.#mode = mode;
    document.body.dataset.mode = mode;
    find("show-cell").setAttribute("aria-pressed", String(mode === "show"));
    find("correct").setAttribute("aria-pressed", String(mode === "correct"));
    if (mode !== "look") say({ show: strings.TAP_A_CELL, correct: strings.TAP_A_CLUE }[mode]);
    else if (this.current) say(this.#overview());
  }

  toggleMode(mode) {
    this.setMode(this.#mode === mode ? "look" : mode);
  }

  #choose(board) {
    this.current = board;
    this.view.fit(outline(board));
    this.setMode("look");
    this.#update();
  }

  #overview() {
    const { current, boards } = this;
    const text = strings.statusText(current.now, boards.length, boards.indexOf(current) + 1, current.settled.size);
    return text + (current.written.size && !current.now.complete ? strings.entriesText(current.written.size) : "");
  }

  /** Bring everything that depends on the current board up to date. */
  #update() {
    const { current } = this;
    this.#grid.update(current);
    this.view.redraw();
    const unsolved = !current.solution || current.now.complete;
    for (const id of ["hint", "check", "show-cell", "show-all"]) find(id).disabled = unsolved;
    find("show-all").lastElementChild.textContent = current.allShown ? strings.TEXTS.hideAll : strings.TEXTS.showAll;
    find("play").href = playAddress(current.now.game_id);
    fillRow("boards", this.boards.length > 1 ? this.boards.map((board, k) => this.#boardButton(board, k + 1)) : []);
    const settled = [...current.settled.values()].reverse(); // the newest first
    fillRow("doubts", [
      ...settled.map(({ place, value }) => this.#placeButton(place, value, true)),
      ...current.doubts.map((place) => this.#placeButton(place, current.valueAt(place), false)),
    ]);
    this.#showHint();
  }

  #boardButton(board, number) {
    const button = makeButton(() => this.#choose(board));
    button.textContent = strings.boardText(number);
    button.setAttribute("aria-pressed", String(board === this.current));
    return button;
  }

  #placeButton(place, value, isSettled) {
    const button = makeButton(() => this.#correct(place));
    button.textContent = (isSettled ? strings.settledText : strings.doubtText)(place, value);
    button.setAttribute("aria-label", (isSettled ? strings.settledLabel : strings.doubtLabel)(place, value));
    button.classList.toggle("settled", isSettled);
    button.dataset.place = placeKey(place);
    return button;
  }

  // Taps

  #tap(point) {
    const { current } = this;
    if (!current || !isOn("board")) return;
    const other = this.boards.find((board) => board !== current && isInside(point, outline(board)));
    const [cell, place] = [cellAt(current, point), placeAt(current, point)];
    if (other) this.#choose(other);
    else if (!cell) say(this.#mode === "look" ? this.#overview() : strings.NOT_A_CELL);
    else if (this.#mode === "show") this.#showCell(...cell);
    else if (this.#mode === "correct") guarded(() => this.#correct(place))();
    else {
      const ringed = [place, cellPlace(...cell)].find((one) => current.doubts.some((doubt) => placeKey(doubt) === placeKey(one)));
      if (ringed) guarded(() => this.#correct(ringed))();
      else say(strings.CELL_TAPPED(...cell));
    }
  }

  /** Enter on a cell of the grid. */
  #enter(r, c) {
    if (this.#mode === "show") this.#showCell(r, c);
    else guarded(() => this.#correct(cellPlace(r, c)))();
  }

  #focusOn(cell) {
    this.#focus = cell;
    if (cell) this.view.reveal(this.current.cells[cell[0]][cell[1]]);
    this.view.redraw();
  }

  #showCell(r, c) {
    const { current } = this;
    const given = current.given(r, c);
    if (!given) current.show(r, c);
    say(given ? strings.IS_GIVEN(r, c, given) : strings.SHOWN(r, c, current.solution[r][c]));
    this.#update();
  }

  toggleAll() {
    const { current } = this;
    this.setMode("look");
    if (current.allShown) current.hideAll();
    else current.showAll();
    say(current.allShown ? strings.ALL_SHOWN : strings.HIDDEN);
    this.#update();
  }

  // Corrections

  async #correct(place) {
    const { current, photo } = this;
    this.view.reveal(placePoint(current, place));
    const choice = await this.#pad.ask(photo, current, place);
    if (choice) await (choice.isWritten ? this.#write(current, choice) : this.#settle(current, choice));
  }

  /** Note what the player wrote in a cell; then nothing is printed there. */
  async #write(board, { place, value }) {
    const [r, c] = place.cell;
    if (board.given(r, c)) await this.#settle(board, { place, value: "blank" });
    board.write(r, c, value === "blank" ? 0 : Number(value));
    this.setMode("look");
    say(strings.ENTRY_CHANGED(r, c, board.writtenAt(r, c)));
    this.#update();
  }

  /** Solve the board anew with one more clue settled. */
  async #settle(board, choice) {
    say(strings.SOLVING_AGAIN);
    const settled = new Map(board.settled).set(placeKey(choice.place), choice);
    try {
      board.take(await settle(this.#result, board.read, clues(settled.values()), { signal: this.#signal }));
      board.settled = settled;
      if (choice.place.cell) board.write(...choice.place.cell, 0);
    } finally {
      if (!this.#signal.aborted) this.setMode("look");
    }
    this.#update();
  }

  // Help

  async askHint() {
    const { current } = this;
    this.setMode("look");
    const found = await hint(this.#result, current.now, current.progress(), { signal: this.#signal });
    current.forget();
    current.hint = found;
    current.level = 1;
    say("");
    this.#update();
    if (found.cell) this.view.reveal(placePoint(current, found));
    find("hint-more").focus();
  }

  deepenHint() {
    const { current } = this;
    current.level += 1;
    if (current.level === 3 && current.hint.cell) current.show(...current.hint.cell);
    this.#update();
    find(current.level < 3 ? "hint-more" : "hint-close").focus();
  }

  closeHint() {
    this.current.forget();
    this.#update();
    say(this.#overview());
    find("hint").focus();
  }

  #showHint() {
    const { hint: known, level } = this.current;
    find("hint-card").hidden = !known;
    if (!known) return;
    const said = [known.level1, known.level2, known.level3].slice(0, level);
    find("hint-level").textContent = strings.HINT_LEVEL(level);
    const told = said.map((text) => element("p", text));
    if (level > 1 && known.details.length) told.splice(2, 0, smallerSteps(known.details));
    find("hint-text").replaceChildren(...told);
    find("hint-more").hidden = level === 3 || known.kind === "finished";
    find("hint-more").textContent = level === 1 ? strings.TEXTS.why : known.cell ? strings.TEXTS.digit : strings.TEXTS.move;
  }

  async checkEntries() {
    const { current } = this;
    this.setMode("look");
    current.forget();
    this.#update();
    if (!current.written.size) return say(strings.NO_MISTAKES_TO_CHECK);
    const { mistakes, message } = await check(this.#result, current.now, current.entries(), { signal: this.#signal });
    current.markWrong(mistakes);
    this.#update();
    say(strings.sentence(message));
  }

  // Ways out

  async share() {
    if (await sharePicture(this.photo, this.boards)) say(strings.SAVED);
  }

  async copy() {
    const id = this.current.now.game_id;
    const copied = await copyText(id);
    find("game-id").hidden = copied;
    find("game-id").firstElementChild.textContent = id;
    say(copied ? strings.COPIED : strings.NOT_COPIED);
  }

  print = () => printBoard(find("sheet"), this.current);
}

/** The steps that a hint only counts, to be opened. */
function smallerSteps(sentences) {
  const list = element("ul");
  list.append(...sentences.map((sentence) => element("li", sentence)));
  const details = element("details");
  details.append(element("summary", strings.SMALLER_STEPS(sentences.length)), list);
  return details;
}
