// The page: how pictures come in, and what the buttons do.

import { solvePhoto } from "./api.js";
import { Board } from "./board.js";
import { Game } from "./game.js";
import { canBeLive, Live } from "./live.js";
import { openPhoto, pictureIn } from "./photo.js";
import { complain, fillIn, find, go, guarded, isOn, say } from "./screen.js";
import { canShare } from "./share.js";
import * as strings from "./strings.js";

const game = new Game();
const live = new Live(find("video"), { onSight: showSight, onTrouble: complain });
let visit = new AbortController(); // ends what is under way when another picture is taken

fillIn();
find("live").hidden = !canBeLive();
find("share").lastElementChild.textContent = canShare() ? strings.TEXTS.share : strings.TEXTS.save;
go("start");
connect();

function connect() {
  for (const [id, action] of Object.entries({
    take: () => find("camera").click(),
    choose: () => find("file").click(),
    live: startLive,
    again: startAgain,
    cancel: startAgain,
    stop: startAgain,
    keep: keepFrame,
    hint: () => game.askHint(),
    "hint-more": () => game.deepenHint(),
    "hint-close": () => game.closeHint(),
    check: () => game.checkEntries(),
    "show-cell": () => game.toggleMode("show"),
    "show-all": () => game.toggleAll(),
    correct: () => game.toggleMode("correct"),
    share: () => game.share(),
    copy: () => game.copy(),
    print: game.print,
    "zoom-in": game.view.zoomIn,
    "zoom-out": game.view.zoomOut,
    fit: game.fit,
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

function shortcut(event) {
  if (!isOn("board") || find("pad").open || event.ctrlKey || event.metaKey || event.altKey) return;
  const { zoomIn, zoomOut } = game.view;
  ({ "+": zoomIn, "=": zoomIn, "-": zoomOut, 0: game.fit, Escape: () => game.setMode("look") })[event.key]?.();
}

function startAgain() {
  visit.abort();
  visit = new AbortController();
  live.stop();
  game.close();
  say("");
  go("start");
  find(getComputedStyle(find("take")).display === "none" ? "choose" : "take").focus();
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
  const { signal } = visit;
  try {
    say(strings.OPENING);
    const photo = await openPhoto(file);
    if (signal.aborted) return;
    go("busy");
    game.look(photo);
    say(strings.SOLVING);
    find("cancel").focus();
    const result = await solvePhoto(photo.blob, { signal, onWait: (seconds) => say(strings.FAILURES.busy(seconds)) });
    if (!result.boards.length) throw new Error(result.error ?? strings.NO_PUZZLE);
    go("board");
    game.open(photo, result, signal);
  } catch (error) {
    if (signal.aborted) return;
    startAgain();
    complain(error.message);
  }
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
  game.look(photo, board ? [board] : []);
  find("keep").disabled = !board;
  complain("");
  say(strings.LIVE[sight.state]);
}

/** Go on with the frame that is shown as with a photo. */
function keepFrame() {
  const { photo, current } = game;
  live.stop();
  go("board");
  const board = current.read;
  const result = { schema: 1, source: "camera", status: board.status, boards: [board], timings_ms: {}, error: null };
  game.open(photo, result, visit.signal);
}
