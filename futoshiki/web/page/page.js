// The page: screens, the photo, its boards, and what the buttons do.

import { check, hint, settle, solvePhoto } from "./api.js";
import { Board, clues } from "./board.js";
import { drawBoards } from "./drawing.js";
import { cellAt, cellPlace, inPageOrder, isInside, outline, placeAt, placeKey, placePoint } from "./geometry.js";
import { CellGrid } from "./grid.js";
import { canBeLive, Live } from "./live.js";
import { Pad } from "./pad.js";
import { openPhoto, pictureIn } from "./photo.js";
import { canShare, copyText, playAddress, printBoard, sharePicture } from "./share.js";
import * as strings from "./strings.js";
import { View } from "./view.js";

const find = (id) => document.getElementById(id);

/** What the page knows. `mode` says what a tap on the board does: "look", "show" or "correct". */
const page = { photo: null, result: null, boards: [], current: null, mode: "look", focus: null, abort: null };

const view = new View(find("view"), { draw, tap });
const grid = new CellGrid(find("grid"), { tap: tapCell, focus: focusCell });
const pad = new Pad(find("pad"));
const live = new Live(find("video"), { onSight: showSight, onTrouble: complain });

fillIn();
connect();

function fillIn() {
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = strings.TEXTS[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]")) {
    const label = strings.LABELS[element.dataset.label];
    element.setAttribute("aria-label", label);
    if (element.matches("button, a")) element.title = label;
  }
  find("live").hidden = !canBeLive();
  find("share").lastElementChild.textContent = canShare() ? strings.TEXTS.share : strings.TEXTS.save;
  go("start");
}

function connect() {
  for (const [id, action] of Object.entries({
    take: () => find("camera").click(),
    choose: () => find("file").click(),
    live: startLive,
    again: startAgain,
    cancel: startAgain,
    stop: startAgain,
    keep: keepFrame,
    hint: askHint,
    "hint-more": deepenHint,
    "hint-close": closeHint,
    check: checkEntries,
    "show-cell": () => setMode(page.mode === "show" ? "look" : "show"),
    "show-all": toggleAll,
    correct: () => setMode(page.mode === "correct" ? "look" : "correct"),
    share,
    copy,
    print: () => printBoard(find("sheet"), page.current),
    "zoom-in": view.zoomIn,
    "zoom-out": view.zoomOut,
    fit: () => view.fit(view.isWhole ? outline(page.current) : null),
  })) {
    find(id).addEventListener("click", guarded(action));
  }
  for (const id of ["camera", "file"]) {
    find(id).addEventListener("change", ({ target }) => {
      const [file] = target.files;
      target.value = ""; // so that the same file can be chosen again
      if (file) solve(file);
    });
  }
  addEventListener("paste", (event) => receive(event, event.clipboardData));
  addEventListener("drop", (event) => receive(event, event.dataTransfer));
  addEventListener("dragover", (event) => {
    event.preventDefault();
    find("drop").hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) find("drop").hidden = true;
  });
  addEventListener("keydown", shortcut);
}

/** An action that tells the player what went wrong instead of throwing. */
function guarded(action) {
  return async () => {
    complain("");
    try {
      await action();
    } catch (error) {
      if (error.name !== "AbortError") complain(error.message);
    }
  };
}

// Screens and messages

function go(screen) {
  document.body.dataset.screen = screen;
  for (const element of document.querySelectorAll("[data-for]")) {
    if (!element.dataset.for.split(" ").includes(screen)) element.hidden = true;
    else if (!["hint-card", "doubts", "boards", "live"].includes(element.id)) element.hidden = false;
  }
  find("game-id").hidden = true;
}

function say(text) {
  if (find("message").textContent !== text) find("message").textContent = text;
}

function complain(text) {
  find("error").textContent = strings.sentence(text);
  find("error").hidden = !text;
}

function startAgain() {
  page.abort?.abort();
  live.stop();
  Object.assign(page, { photo: null, result: null, boards: [], current: null, abort: null });
  setMode("look");
  view.show(null);
  say("");
  go("start");
  find(getComputedStyle(find("take")).display === "none" ? "choose" : "take").focus();
}

function shortcut(event) {
  if (document.body.dataset.screen !== "board" || find("pad").open || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = { "+": view.zoomIn, "=": view.zoomIn, "-": view.zoomOut, 0: () => view.fit() }[event.key];
  if (event.key === "Escape") setMode("look");
  action?.();
}

// A photo

function receive(event, transfer) {
  event.preventDefault();
  find("drop").hidden = true;
  if (find("pad").open) return;
  const file = pictureIn(transfer);
  if (file) solve(file);
  else complain(strings.FAILURES.noPicture);
}

async function solve(file) {
  startAgain();
  complain("");
  page.abort = new AbortController();
  const { signal } = page.abort;
  const onWait = (seconds) => say(strings.FAILURES.busy(seconds));
  try {
    say(strings.OPENING);
    const photo = await openPhoto(file);
    if (signal.aborted) return;
    go("busy");
    view.show(photo);
    say(strings.SOLVING);
    find("cancel").focus();
    const result = await solvePhoto(photo.blob, { signal, onWait });
    if (!signal.aborted) take(photo, result);
  } catch (error) {
    if (signal.aborted) return;
    startAgain();
    complain(error.message);
  }
}

/** Show the boards of a result on its photo. */
function take(photo, result) {
  if (!result.boards.length) {
    startAgain();
    complain(result.error ?? strings.NO_PUZZLE);
    return;
  }
  page.abort = null;
  page.photo = photo;
  page.result = result;
  page.boards = inPageOrder(result.boards).map((board) => new Board(board));
  const best = page.boards.find((board) => board.read === result.boards[0]);
  go("board");
  view.show(photo);
  choose(best);
  if (page.boards.length > 1) view.fit();
  find("message").focus();
}

function choose(board) {
  page.current = board;
  setMode("look");
  view.fit(outline(board));
  update();
  say(overview());
}

function overview() {
  const { current, boards } = page;
  const text = strings.statusText(current.now, boards.length, boards.indexOf(current) + 1, current.settled.size);
  return text + (current.written.size && !current.now.complete ? strings.entriesText(current.written.size) : "");
}

/** Bring everything that depends on the current board up to date. */
function update() {
  const { current, boards } = page;
  grid.update(current);
  view.redraw();
  const unsolved = !current.solution || current.now.complete;
  for (const id of ["hint", "check", "show-cell", "show-all"]) find(id).disabled = unsolved;
  find("show-all").lastElementChild.textContent = current.allShown ? strings.TEXTS.hideAll : strings.TEXTS.showAll;
  find("play").href = playAddress(current.now.game_id);
  chips("boards", boards.length > 1 ? boards : [], (board, button) => {
    button.textContent = strings.boardText(boards.indexOf(board) + 1);
    button.setAttribute("aria-pressed", String(board === current));
    return () => choose(board);
  });
  chips("doubts", [...[...current.settled.values()].reverse(), ...current.doubts.map((place) => ({ place }))], ({ place, value }, button) => {
    const now = value ?? current.valueAt(place);
    button.textContent = (value ? strings.settledText : strings.doubtText)(place, now);
    button.setAttribute("aria-label", (value ? strings.settledLabel : strings.doubtLabel)(place, now));
    button.classList.toggle("settled", Boolean(value));
    button.dataset.place = placeKey(place);
    return () => correct(place);
  });
  showHint();
}

/** Fill a row of buttons; `make(item, button)` writes on each, and returns what it does. */
function chips(id, items, make) {
  const buttons = items.map((item) => {
    const button = document.createElement("button");
    button.type = "button";
    button.addEventListener("click", guarded(make(item, button)));
    return button;
  });
  find(id).replaceChildren(...buttons);
  find(id).hidden = !items.length;
}

function draw(context, px) {
  drawBoards(context, page.photo, page.boards, page.current, { px, focus: page.focus });
}

// Taps

function setMode(mode) {
  page.mode = mode;
  document.body.dataset.mode = mode;
  find("show-cell").setAttribute("aria-pressed", String(mode === "show"));
  find("correct").setAttribute("aria-pressed", String(mode === "correct"));
  if (mode !== "look") say({ show: strings.TAP_A_CELL, correct: strings.TAP_A_CLUE }[mode]);
  else if (page.current) say(overview());
}

function tap(point) {
  const { current } = page;
  if (!current || document.body.dataset.screen !== "board") return;
  const other = page.boards.find((board) => board !== current && isInside(point, outline(board)));
  if (other) return choose(other);
  const place = placeAt(current, point);
  if (page.mode === "show") {
    const cell = cellAt(current, point);
    return cell ? showCell(...cell) : say(strings.NOT_A_CELL);
  }
  if (page.mode === "correct") return place ? guarded(() => correct(place))() : say(strings.NOT_A_CELL);
  const ringed = [place, place && cellAt(current, point) && cellPlace(...cellAt(current, point))].find(
    (one) => one && current.doubts.some((doubt) => placeKey(doubt) === placeKey(one)),
  );
  if (ringed) guarded(() => correct(ringed))();
  else if (place) say(strings.CELL_TAPPED(...cellAt(current, point)));
}

/** Enter on a cell of the grid, which stands for a tap. */
function tapCell(r, c) {
  if (page.mode === "show") showCell(r, c);
  else guarded(() => correct(cellPlace(r, c)))();
}

function focusCell(cell) {
  page.focus = cell;
  if (cell) view.reveal(page.current.cells[cell[0]][cell[1]]);
  view.redraw();
}

function showCell(r, c) {
  const { current } = page;
  const given = current.given(r, c);
  if (!given) current.show(r, c);
  say(given ? strings.IS_GIVEN(r, c, given) : strings.SHOWN(r, c, current.solution[r][c]));
  update();
}

function toggleAll() {
  const { current } = page;
  setMode("look");
  if (current.allShown) current.hideAll();
  else current.showAll();
  say(current.allShown ? strings.ALL_SHOWN : strings.HIDDEN);
  update();
}

// Corrections

async function correct(place) {
  const { current, photo } = page;
  view.reveal(placePoint(current, place));
  const choice = await pad.ask(photo, current, place);
  if (choice) await settleChoice(current, choice);
}

async function settleChoice(board, { place, value, isWritten }) {
  if (isWritten) {
    const [r, c] = place.cell;
    board.write(r, c, value === "blank" ? 0 : Number(value));
    if (board.given(r, c)) await solveWith(board, place, "blank");
    setMode("look");
    say(strings.ENTRY_CHANGED(r, c, board.writtenAt(r, c)));
  } else {
    await solveWith(board, place, value);
    if (place.cell) board.write(...place.cell, 0);
    setMode("look");
  }
  update();
}

/** Solve the board anew with one more clue settled. */
async function solveWith(board, place, value) {
  say(strings.SOLVING_AGAIN);
  const settled = new Map(board.settled).set(placeKey(place), { place, value });
  const answer = await settle(page.result, board.read, clues(settled.values()));
  board.settled = settled;
  board.take(answer);
}

// Help

async function askHint() {
  const { current } = page;
  setMode("look");
  current.forget();
  current.hint = await hint(page.result, current.now, current.progress());
  current.level = 1;
  say("");
  update();
  find("hint-more").focus();
}

function deepenHint() {
  const { current } = page;
  current.level += 1;
  if (current.level === 3 && current.hint.cell && current.hint.value) current.show(...current.hint.cell);
  update();
  find(current.level < 3 ? "hint-more" : "hint-close").focus();
}

function closeHint() {
  page.current.forget();
  update();
  say(overview());
  find("hint").focus();
}

function showHint() {
  const { hint: known, level } = page.current;
  find("hint-card").hidden = !known;
  if (!known) return;
  const isOver = level === 3 || known.kind === "finished";
  find("hint-level").textContent = strings.HINT_LEVEL(level);
  const said = [known.level1, known.level2, known.level3].slice(0, level);
  find("hint-text").replaceChildren(...said.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  find("hint-more").hidden = isOver;
  find("hint-more").textContent = level === 1 ? strings.TEXTS.why : strings.TEXTS.digit;
}

async function checkEntries() {
  const { current } = page;
  setMode("look");
  current.forget();
  update();
  if (!current.written.size) return say(strings.NO_MISTAKES_TO_CHECK);
  const { mistakes, message } = await check(page.result, current.now, current.entries());
  current.markWrong(mistakes);
  update();
  say(strings.sentence(message));
}

// Ways out

async function share() {
  if (await sharePicture(page.photo, page.boards)) say(strings.SAVED);
}

async function copy() {
  const id = page.current.now.game_id;
  const copied = await copyText(id);
  find("game-id").hidden = copied;
  find("game-id").firstElementChild.textContent = id;
  say(copied ? strings.COPIED : strings.NOT_COPIED);
}

// Live

async function startLive() {
  go("live");
  find("keep").disabled = true;
  say(strings.LIVE.starting);
  find("stop").focus();
  try {
    await live.start();
  } catch (error) {
    startAgain();
    throw error;
  }
}

/** Show a frame with what is seen in it. */
function showSight(photo, sight) {
  const board = sight.board && new Board(sight.board);
  if (board && sight.state === "solved") board.showAll();
  Object.assign(page, { photo, boards: board ? [board] : [], current: board });
  view.show(photo);
  find("keep").disabled = !board;
  complain("");
  say(strings.LIVE[sight.state]);
}

/** Go on with the frame that is shown as with a photo. */
function keepFrame() {
  const { photo, current } = page;
  live.stop();
  const { read } = current;
  take(photo, { schema: 1, source: "camera", status: read.status, boards: [read], timings_ms: {}, error: null });
}
