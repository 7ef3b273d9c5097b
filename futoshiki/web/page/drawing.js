// Draws on a photo: outlines, digits in its perspective, and marks. All in pixels of the picture.

import { arrowBetween, cellQuad, cellShare, lineFrame, outline, pitch, pitches, placePoint } from "./geometry.js";

const BLUE = "rgb(0 96 214)";
const PALE_BLUE = "rgb(120 214 255)";
const GREEN = "rgb(0 120 60)";
const RED = "rgb(200 30 20)";
const AMBER = "rgb(232 140 0)";
const VIOLET = "rgb(112 40 168)";
const WHITE = "white";
const NAVY = "rgb(12 24 40)";
/** Height of a digit and width of its rim, as shares of a cell's side. */
const DIGIT = 0.86;
const RIM = 0.14;
/** Largest side of a frame around a cell, in pitches: it must not cover the signs of which a hint speaks. */
const FRAME = 0.7;
/** How much larger the frame around a row or column is, in pitches. */
const AROUND = 0.1;
/** Mean level of a cell, 0 to 255, below which its ground is dark. */
const DARK_BELOW = 110;
/** Factor by which the picture is reduced to tell light from dark ground. */
const SAMPLING = 8;
/** The font in which digits are drawn. */
const FONT = "600 1px system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

const grounds = new WeakMap();

/**
 * Draw what is known about `boards` (`Board`s), of which `current` is the chosen one. `px` is the length of one pixel of
 * the screen in the picture. Without `guides`, only what belongs to the answer is drawn, as in a picture to share.
 */
export function drawBoards(context, photo, boards, current, { px, guides = true, focus = null }) {
  boards.forEach((board, k) => {
    if (guides) drawOutline(context, board, board === current, px, boards.length > 1 ? k + 1 : 0);
    if (board === current || !guides) drawBoard(context, photo, board, px, guides);
  });
  if (current && focus) strokeBoth(context, [cellQuad(current, ...focus)], NAVY, 3 * px, px);
}

function drawBoard(context, photo, board, px, guides) {
  const share = cellShare(board);
  const side = share * pitch(board.cells);
  const level = board.level;
  const { hint } = board;
  const frame = ([r, c]) => cellQuad(board, r, c, Math.min(share, FRAME));
  if (guides && (hint || board.wrong.size)) drawNumbers(context, board, px);
  if (hint && level > 1) {
    if (hint.kind === "mistake") hint.cells.forEach(([r, c]) => cross(context, board, r, c, side, px));
    else drawEvidence(context, board, hint, frame, Math.max(0.045 * side, 2 * px), px);
  }
  if (hint?.cell) strokeBoth(context, [frame(hint.cell)], GREEN, Math.max(0.08 * side, 3 * px), px);
  for (let r = 0; r < board.size; r++) {
    for (let c = 0; c < board.size; c++) {
      const entry = board.writtenAt(r, c);
      const answer = board.answerAt(r, c);
      if (answer && entry !== answer) {
        if (entry) plate(context, board, r, c, share);
        drawDigit(context, board, r, c, share, answer, entry ? { ink: RED, rim: WHITE } : inkOn(photo, board.cells[r][c]));
      } else if (entry && guides) drawEntry(context, board, r, c, share, entry);
      if (board.isWrong(r, c) && !answer) cross(context, board, r, c, side, px);
    }
  }
  if (guides) for (const doubt of board.doubts) ring(context, board, doubt, px);
}

/** What a hint speaks of: rows and columns in one frame each, single cells, and an arrow where the eye has to jump. */
function drawEvidence(context, board, { cell, cells, lines, arrow }, frame, width, px) {
  const share = Math.min(cellShare(board), FRAME) + AROUND;
  strokeBoth(context, lines.map((line) => lineFrame(board, line, share)), BLUE, width, px);
  const others = cells.filter(([r, c]) => r !== cell?.[0] || c !== cell?.[1]);
  strokeBoth(context, others.map(frame), BLUE, width, px);
  if (arrow) strokeBoth(context, arrowBetween(board, ...arrow), BLUE, width, px, false);
}

function drawOutline(context, board, isCurrent, px, number) {
  const corners = outline(board);
  context.setLineDash(isCurrent ? [] : [8 * px, 6 * px]);
  strokeBoth(context, [corners], isCurrent ? BLUE : "rgb(70 80 95)", (isCurrent ? 2.5 : 2) * px, px);
  context.setLineDash([]);
  if (number) badge(context, corners[0], String(number), isCurrent ? BLUE : "rgb(70 80 95)", 13 * px);
}

function badge(context, [x, y], text, colour, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  writeAt(context, [radius * 1.3, 0, 0, radius * 1.3, x, y], text, WHITE);
}

/** The numbers of rows and columns at the board's edge: hints speak of them. */
function drawNumbers(context, board, px) {
  const { cells, size } = board;
  const out = 0.5 + 0.02 * size + (10 * px) / pitch(cells); // pitches from the outer centres, beyond the outline
  for (let k = 0; k < size; k++) {
    const across = pitches(cells, k, 0).right;
    const along = pitches(cells, 0, k).down;
    const places = [
      [cells[k][0][0] - out * across[0], cells[k][0][1] - out * across[1]],
      [cells[0][k][0] - out * along[0], cells[0][k][1] - out * along[1]],
    ];
    const height = Math.min(13 * px, 0.5 * pitch(cells));
    for (const [x, y] of places) writeAt(context, [height, 0, 0, height, x, y], String(k + 1), BLUE, WHITE, 0.35);
  }
}

/** A digit in a cell, turned and foreshortened as the cell is. */
function drawDigit(context, board, r, c, share, value, { ink, rim } = {}) {
  const { right, down } = pitches(board.cells, r, c);
  const k = share * DIGIT;
  const [x, y] = board.cells[r][c];
  writeAt(context, [right[0] * k, right[1] * k, down[0] * k, down[1] * k, x, y], String(value), ink, rim, RIM);
}

/** What the player wrote, small in a corner of the cell, so that a misread digit is noticed. */
function drawEntry(context, board, r, c, share, value) {
  const { right, down } = pitches(board.cells, r, c);
  const [, , , corner] = cellQuad(board, r, c, share);
  const k = share * 0.42;
  const along = [corner[0] + (right[0] - down[0]) * 0.12 * share, corner[1] + (right[1] - down[1]) * 0.12 * share];
  writeAt(context, [right[0] * k, right[1] * k, down[0] * k, down[1] * k, ...along], String(value), VIOLET, WHITE, 0.3);
}

/** Text centred at the end of an affine transform whose unit is the height of a line. */
function writeAt(context, transform, text, ink, rim, width = 0) {
  context.save();
  context.transform(...transform);
  context.font = FONT;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  const baseline = 0.36; // half the height of a digit
  if (rim) {
    context.lineWidth = width;
    context.lineJoin = "round";
    context.strokeStyle = rim;
    context.strokeText(text, 0, baseline);
  }
  context.fillStyle = ink;
  context.fillText(text, 0, baseline);
  context.restore();
}

function plate(context, board, r, c, share) {
  polygon(context, cellQuad(board, r, c, share * 0.86));
  context.fillStyle = "rgb(255 255 255 / 0.85)";
  context.fill();
}

function cross(context, board, r, c, side, px) {
  const [a, b, d, e] = cellQuad(board, r, c);
  strokeBoth(context, [[a, d], [b, e]], RED, Math.max(0.08 * side, 2.5 * px), px, false);
}

function ring(context, board, place, px) {
  const [x, y] = placePoint(board, place);
  const radius = Math.max((place.cell ? 0.44 : 0.24) * pitch(board.cells), 9 * px);
  for (const [colour, width] of [[WHITE, 6 * px], [AMBER, 3 * px]]) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
  }
}

/** Lines of a colour with a white rim, which keeps them visible on a dark photo. */
function strokeBoth(context, lines, colour, width, px, closed = true) {
  context.lineJoin = "round";
  for (const [style, thickness] of [[WHITE, width + 2 * px], [colour, width]]) {
    context.strokeStyle = style;
    context.lineWidth = thickness;
    for (const line of lines) {
      polygon(context, line, closed);
      context.stroke();
    }
  }
}

function polygon(context, points, closed = true) {
  context.beginPath();
  points.forEach(([x, y]) => context.lineTo(x, y));
  if (closed) context.closePath();
}

/** Ink and rim that can be read on the ground at a point. */
function inkOn(photo, point) {
  return levelAt(photo, point) < DARK_BELOW ? { ink: PALE_BLUE, rim: NAVY } : { ink: BLUE, rim: WHITE };
}

function levelAt(photo, [x, y]) {
  if (!grounds.has(photo)) grounds.set(photo, reduced(photo));
  const { data, width, height } = grounds.get(photo);
  const column = Math.min(Math.max(Math.floor(x / SAMPLING), 0), width - 1);
  const row = Math.min(Math.max(Math.floor(y / SAMPLING), 0), height - 1);
  const k = 4 * (row * width + column);
  return (data[k] + data[k + 1] + data[k + 2]) / 3;
}

function reduced({ image, width, height }) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(Math.round(width / SAMPLING), 1);
  canvas.height = Math.max(Math.round(height / SAMPLING), 1);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
