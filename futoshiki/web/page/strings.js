// Every English text of the page. To translate it, write a file like this one; hints come from the server in English.

const cell = (r, c) => `row ${r + 1}, column ${c + 1}`;
const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** What the server says, as a sentence. */
export const sentence = (text) => capital(text) + (text && !/[.!?…]$/.test(text) ? "." : "");

/** Texts of the elements with this `data-text` in index.html. */
export const TEXTS = {
  title: "Futoshiki",
  lead: "Photograph a Futoshiki puzzle. You get a hint, a check of what you wrote, or the answer.",
  take: "Take a photo",
  choose: "Choose a picture",
  live: "Live camera",
  elsewhere: "You can also paste a picture, or drop one here.",
  private: "The photo goes to the computer that runs this page, nowhere else. Nothing is stored.",
  again: "New photo",
  cancel: "Cancel",
  hint: "Hint",
  check: "Check",
  showCell: "Show a cell",
  showAll: "Show all",
  hideAll: "Hide all",
  correct: "Correct",
  share: "Share",
  save: "Save",
  copy: "Copy ID",
  play: "Play",
  print: "Print",
  why: "Why?",
  digit: "Which digit?",
  move: "What to do?",
  close: "Close",
  printed: "Printed",
  written: "I wrote it",
  stop: "Stop",
  keep: "Keep this picture",
  kind: "What stands there",
  drop: "Drop the picture here",
};

/** Accessible names and tooltips of the elements with this `data-label` in index.html. */
export const LABELS = {
  stage: "The photo",
  grid: "The puzzle, cell by cell",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Show the whole board, then the whole photo",
  actions: "Help with the puzzle",
  tools: "More",
  correct: "Correct a clue that was read wrongly",
  copy: "Copy ID: the game ID of the puzzle",
  play: "Play the puzzle in Simon Tatham’s Unequal (opens a new page)",
  print: "Print the puzzle",
  doubts: "Clues to look at",
  boards: "Boards in the photo",
  crop: "This place in the photo",
  close: "Close",
};

export const SOLVING = "Reading the photo…";
export const SOLVING_AGAIN = "Solving again…";
export const OPENING = "Opening the picture…";
export const TAP_A_CELL = "Tap the cell that you want to see.";
export const TAP_A_CLUE = "Tap a cell, or the place between two cells, to correct what was read there.";
export const NOT_A_CELL = "That is not on the board. Tap a cell, or the place between two cells.";
export const CELL_TAPPED = (r, c) =>
  `${capital(cell(r, c))}. Choose “Show a cell” first to see its digit, or “Correct” to say what stands there.`;
export const IS_GIVEN = (r, c, value) => `${value} is printed at ${cell(r, c)}.`;
export const SHOWN = (r, c, value) => `${value} belongs at ${cell(r, c)}.`;
export const ALL_SHOWN = "The answer is on the photo.";
export const HIDDEN = "The answer is hidden.";
export const COPIED = "The game ID has been copied.";
export const NOT_COPIED = "This browser does not let the page copy. Here is the game ID: mark it and copy it.";
export const SAVED = "The picture has been saved to your downloads.";
export const NO_MISTAKES_TO_CHECK =
  "No handwriting was found on this board. Use “Correct” to enter what you wrote, or take a photo of the board as it is now.";
export const ENTRY_CHANGED = (r, c, value) =>
  value ? `Noted: you wrote ${value} at ${cell(r, c)}.` : `Noted: you wrote nothing at ${cell(r, c)}.`;
export const HINT_LEVEL = (level) => `Hint ${level} of 3`;
export const SMALLER_STEPS = (count) => (count === 1 ? "The smaller step" : `The ${count} smaller steps`);
export const FILE_NAME = "futoshiki.jpg";
export const PRINTED_AS = (size) => `Futoshiki, ${size} × ${size}`;
export const RULES = (size) =>
  `Each row and each column holds 1 to ${size} once. A sign between two cells opens towards the greater number.`;

/** What a board's status means to the player. */
export function statusText(board, boards, number, corrections) {
  const which = boards > 1 ? `Board ${number} of ${boards}, ` : "";
  const what = `${which}${board.size} × ${board.size}. `;
  const texts = board.complete ? COMPLETE : corrections ? CORRECTED : OPEN;
  const text = texts[board.status] ?? OPEN[board.status] ?? "";
  return capital(what) + text + (board.covered.length ? ` ${COVERED}` : "") + (board.cut ? ` ${CUT}` : "");
}

const OPEN = {
  solved: "Solved. The answer stays hidden until you ask for it.",
  read: "The clues have been read.",
  doubtful: "Solved, but a clue is uncertain. Tap a ringed place and say what stands there.",
  ambiguous: "These clues allow several answers, so a clue was probably missed. Tap “Correct” and add it.",
  contradictory: "These clues allow no answer, so one was probably misread. Tap “Correct” and put it right.",
};
const CORRECTED = {
  solved: "Solved, with your correction. The answer stays hidden until you ask for it.",
  ambiguous: "With your correction, the clues allow several answers. Look at it again, or add the clue that is missing.",
  contradictory: "With your correction, the clues allow no answer. Tap it below to change it.",
};
const COMPLETE = {
  solved: "This board is filled in, and everything is right.",
  doubtful: "This board is filled in. It is right as read, but a clue is uncertain.",
  ambiguous: "This board is filled in, but could not be checked in time.",
  contradictory: "This board is filled in, and there is a mistake in it.",
};
const COVERED = "Something seems to lie on the board: take it away and take the photo again.";
const CUT = "The board seems to be cut off: take the photo again with all of it.";

/** The sign between two cells, as a word for a screen reader. */
const SIGN_WORDS = { none: "no sign", "<": "less than", ">": "greater than", "∧": "less than", "∨": "greater than" };
export const valueText = (value) => (value === "blank" ? "empty" : value === "none" ? "no sign" : value);
export const valueLabel = (value) => (value === "blank" ? "empty" : SIGN_WORDS[value] ?? value);

export const cellName = (r, c) => capital(cell(r, c));
export const placeName = (place) =>
  place.cell ? cellName(...place.cell) : `Between ${cell(...place.sign.slice(0, 2))} and ${cell(...place.sign.slice(2))}`;

/** A place to look at, as the label of its button. */
export const doubtText = (place, value) =>
  place.cell
    ? `r${place.cell[0] + 1}c${place.cell[1] + 1}: ${valueText(value)}?`
    : `r${place.sign[0] + 1}c${place.sign[1] + 1}–r${place.sign[2] + 1}c${place.sign[3] + 1}: ${valueText(value)}?`;
export const doubtLabel = (place, value) =>
  `${doubtText(place, value)} ${placeName(place)}: ${valueLabel(value)}? Say what stands there.`;
export const settledText = (place, value) => doubtText(place, value).replace("?", " ✓");
export const settledLabel = (place, value) =>
  `${settledText(place, value)} ${placeName(place)}: ${valueLabel(value)}, corrected by you. Change it.`;
export const padQuestion = (place) => `${placeName(place)}: what stands there?`;
export const READ_AS = (value) => `Read as: ${valueText(value)}.`;
export const READ_AS_WRITTEN = (value) => `Read as: ${value}, in handwriting.`;
export const signButton = (direction) => SIGN_BUTTONS[direction];
const SIGN_BUTTONS = { right: "Sign on the right", left: "Sign on the left", down: "Sign below", up: "Sign above" };

/** A cell of the grid for a screen reader; `signs` maps a direction to the sign there as seen from this cell. */
export function cellLabel({ r, c, given, entry, shown, wrong, signs }) {
  const parts = [cellName(r, c)];
  if (given) parts.push(`${given}, printed`);
  else if (shown) parts.push(`${shown}, answer`);
  else if (!entry) parts.push("empty");
  if (entry && !given) parts.push(`you wrote ${entry}${wrong ? ", wrong" : ""}`);
  for (const [where, is] of Object.entries(signs)) parts.push(`${SEEN_AS[is]} ${DIRECTIONS[where]}`);
  return parts.join(", ");
}
const SEEN_AS = { less: "less", greater: "greater" };
const DIRECTIONS = {
  right: "than the cell on the right",
  left: "than the cell on the left",
  down: "than the cell below",
  up: "than the cell above",
};
export const boardText = (number) => `Board ${number}`;
export const entriesText = (n) => ` ${count(n, "digit", "digits")} in your handwriting ${n === 1 ? "was" : "were"} found.`;

/** What went wrong, by the kind of failure; what the server says itself is shown as it stands. */
export const FAILURES = {
  offline:
    "The computer that runs this page cannot be reached. " +
    "Check that it is on, in the same network, and that `futoshiki web` is running.",
  busy: (seconds) => `The computer is busy. Trying again in ${count(seconds, "second", "seconds")}…`,
  stillBusy: "The computer is busy. Please try again in a minute.",
  key: "This address is not complete. Scan the QR code again, or copy the whole address, with what follows #key=.",
  tooLarge: "This picture is too large. Choose a smaller one.",
  slow: "This took too long. Take the photo from nearer, so that the puzzle fills the picture.",
  broken: "Something went wrong on the computer. Please try again.",
  notAPicture: "This browser cannot open that file as a picture. Choose a JPEG, PNG or WebP picture.",
  noPicture: "There is no picture in what you pasted or dropped.",
};
export const NO_PUZZLE = "No Futoshiki was found. Let the puzzle fill the photo, and avoid shadows and glare.";

/** What is seen live. */
export const LIVE = {
  starting: "Starting the camera…",
  searching: "Point the camera at a puzzle.",
  reading: "Reading… hold still.",
  solved: "Solved.",
  lost: "The puzzle is out of sight. Point the camera at it again.",
  refused: "The page may not use the camera. Allow it in the browser’s settings for this page, or take a photo instead.",
  none: "No camera was found. Take a photo or choose a picture instead.",
  failed: "The camera could not be started. Close other programs that use it, or take a photo instead.",
};
