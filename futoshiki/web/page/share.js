// Ways out of the page: the drawn picture, the game ID, and the board on paper.

import { drawBoards } from "./drawing.js";
import { jpegOf } from "./photo.js";
import { FILE_NAME, PRINTED_AS, RULES } from "./strings.js";

const QUALITY = 0.92;
const UNEQUAL = "https://www.chiark.greenend.org.uk/~sgtatham/puzzles/js/unequal.html#";
const SVG = "http://www.w3.org/2000/svg";

/** Whether this browser can hand a picture to another program; only over https or on this computer. */
export function canShare() {
  const file = new File([], FILE_NAME, { type: "image/jpeg" });
  return Boolean(navigator.canShare?.({ files: [file] }));
}

/** Hand the picture with what is shown on it to another program, or save it. Resolves to whether it was saved. */
export async function sharePicture(photo, boards) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [photo.width, photo.height];
  const context = canvas.getContext("2d");
  context.drawImage(photo.image, 0, 0);
  drawBoards(context, photo, boards, null, { px: Math.max(photo.width, photo.height) / 1000, guides: false });
  const blob = await jpegOf(canvas, QUALITY);
  if (canShare()) {
    try {
      await navigator.share({ files: [new File([blob], FILE_NAME, { type: blob.type })] });
      return false;
    } catch (error) {
      if (error.name === "AbortError") return false; // the player changed their mind
    }
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = FILE_NAME;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return true;
}

/** The page on which the puzzle can be played. */
export const playAddress = (gameId) => UNEQUAL + gameId;

/** Copy a text; false where the browser does not allow it. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text); // only over https or on this computer
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

/** Print a board on a sheet of its own, with the digits of the answer that are shown. */
export function printBoard(sheet, board) {
  const title = document.createElement("h2");
  title.textContent = PRINTED_AS(board.size);
  const rules = document.createElement("p");
  rules.textContent = RULES(board.size);
  const gameId = document.createElement("p");
  gameId.textContent = board.now.game_id;
  sheet.replaceChildren(title, boardPicture(board), rules, gameId);
  window.print();
}

/** The board as a drawing: boxes a pitch of 60 apart, with the signs in the gaps. */
function boardPicture(board) {
  const [step, box] = [60, 40];
  const centre = (k) => k * step + step / 2;
  const children = [];
  for (let r = 0; r < board.size; r++) {
    for (let c = 0; c < board.size; c++) {
      const [x, y] = [centre(c) - box / 2, centre(r) - box / 2];
      children.push(svg("rect", { x, y, width: box, height: box, rx: 3, fill: "none", stroke: "black", "stroke-width": 1.5 }));
      const [given, answer] = [board.given(r, c), board.answerAt(r, c)];
      if (given || answer) {
        const place = { x: centre(c), y: centre(r) + 8.5, "text-anchor": "middle" };
        const style = given ? { "font-weight": 700, fill: "black" } : { fill: "#555" };
        children.push(svg("text", { ...place, "font-family": "sans-serif", "font-size": 24, ...style }, given || answer));
      }
    }
  }
  for (const [r1, c1, r2, c2] of board.now.less) {
    const [x, y] = [(centre(c1) + centre(c2)) / 2, (centre(r1) + centre(r2)) / 2];
    const angle = (Math.atan2(r2 - r1, c2 - c1) * 180) / Math.PI; // the tip points to the lesser cell
    const transform = `translate(${x} ${y}) rotate(${angle})`;
    children.push(svg("path", { d: "M4 -6 L-4 0 L4 6", fill: "none", stroke: "black", "stroke-width": 2, transform }));
  }
  const side = board.size * step;
  return svg("svg", { viewBox: `0 0 ${side} ${side}` }, ...children);
}

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
