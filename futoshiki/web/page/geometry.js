// Where cells, signs and boards lie in the picture. Points are [x, y] in its pixels, cells are [row, column] from 0.

/** Range of the side of the area of a cell that is drawn in, in pitches; the same as in futoshiki/drawing/solution.py. */
const LEAST_SHARE = 0.4;
const MOST_SHARE = 0.84;
/** Distance from the middle of an edge within which a tap is meant for its sign and not for a cell, in pitches. */
const SIGN_REACH = 0.24;

const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];
const plus = (a, b) => [a[0] + b[0], a[1] + b[1]];
const times = (a, k) => [a[0] * k, a[1] * k];
const length = (a) => Math.hypot(a[0], a[1]);
export const middle = (a, b) => times(plus(a, b), 0.5);

/** Vectors from a cell to its neighbour on the right and to the one below: central differences, one-sided at the rim. */
export function pitches(cells, r, c) {
  const last = cells.length - 1;
  const [left, right, up, down] = [Math.max(c - 1, 0), Math.min(c + 1, last), Math.max(r - 1, 0), Math.min(r + 1, last)];
  return {
    right: times(minus(cells[r][right], cells[r][left]), 1 / (right - left)),
    down: times(minus(cells[down][c], cells[up][c]), 1 / (down - up)),
  };
}

export const pitch = (cells) => length(minus(cells[0][0], cells[0].at(-1))) / (cells.length - 1);

/** Side of a cell over the pitch, from the board's corners and the centres of its corner cells. */
export function cellShare({ cells, corners }) {
  const outer = [cells[0][0], cells[0].at(-1), cells.at(-1).at(-1), cells.at(-1)[0]];
  const share = (Math.sqrt(area(corners) / Math.max(area(outer), 1e-9)) - 1) * (cells.length - 1);
  return Math.min(Math.max(share, LEAST_SHARE), MOST_SHARE);
}

const area = (polygon) =>
  Math.abs(polygon.reduce((sum, [x, y], k) => sum + x * polygon.at(k - 1)[1] - y * polygon.at(k - 1)[0], 0)) / 2;

/** The corners of a cell, clockwise from its own top left. */
export function cellQuad(board, r, c, share = cellShare(board)) {
  const { right, down } = pitches(board.cells, r, c);
  const [x, y, centre] = [times(right, share / 2), times(down, share / 2), board.cells[r][c]];
  return [minus(minus(centre, x), y), minus(plus(centre, x), y), plus(plus(centre, x), y), plus(minus(centre, x), y)];
}

/** The outline around cells of a row or column; it bends with the page. */
export function lineFrame(board, cells, share) {
  const quads = cells.map(([r, c]) => cellQuad(board, r, c, share));
  const [near, far] = cells[0][0] === cells.at(-1)[0] ? [[0, 1], [3, 2]] : [[0, 3], [1, 2]];
  const side = (corners) => quads.flatMap((quad) => corners.map((k) => quad[k]));
  return [...side(near), ...side(far).reverse()];
}

/** The shaft and the head of an arrow between the centres of two cells. */
export function arrowBetween({ cells }, from, to) {
  const [start, end] = [cells[from[0]][from[1]], cells[to[0]][to[1]]];
  const along = times(minus(end, start), pitch(cells) / Math.max(length(minus(end, start)), 1));
  const across = times([-along[1], along[0]], 0.125);
  const [tail, tip] = [plus(start, times(along, 0.42)), minus(end, times(along, 0.42))];
  const neck = minus(tip, times(along, 0.25));
  return [[tail, tip], [plus(neck, across), tip, minus(neck, across)]];
}

/** The board's outline, a little outside its corner cells. */
export function outline({ corners }) {
  const centre = times(corners.reduce(plus), 1 / 4);
  return corners.map((corner) => plus(centre, times(minus(corner, centre), 1.03)));
}

export function isInside(point, polygon) {
  let inside = false;
  polygon.forEach((a, k) => {
    const b = polygon.at(k - 1);
    const crosses = a[1] > point[1] !== b[1] > point[1];
    if (crosses && point[0] < ((b[0] - a[0]) * (point[1] - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  });
  return inside;
}

/** The place of a clue, as in a doubt: `{cell: [r, c]}` or `{sign: [r1, c1, r2, c2]}` with the upper or left cell first. */
export const cellPlace = (r, c) => ({ cell: [r, c] });
export const signPlace = (a, b) => ({ sign: a[0] + a[1] <= b[0] + b[1] ? [...a, ...b] : [...b, ...a] });
export const placeKey = (place) => (place.cell ?? place.sign).join();
export const isAcross = ({ sign }) => sign[0] === sign[2];

/** Where a place lies in the picture. */
export const placePoint = ({ cells }, { cell, sign }) =>
  cell ? cells[cell[0]][cell[1]] : middle(cells[sign[0]][sign[1]], cells[sign[2]][sign[3]]);

/** The neighbours of a cell by direction. */
export const neighbours = (size, r, c) =>
  Object.entries({ right: [r, c + 1], down: [r + 1, c], left: [r, c - 1], up: [r - 1, c] }).filter(([, [row, column]]) =>
    [row, column].every((k) => k >= 0 && k < size),
  );

/** The cell at a point, or null. */
export function cellAt(board, point) {
  let nearest = null;
  let least = 0.6 * pitch(board.cells);
  board.cells.forEach((row, r) =>
    row.forEach((centre, c) => {
      const distance = length(minus(centre, point));
      if (distance < least) [nearest, least] = [[r, c], distance];
    }),
  );
  return nearest;
}

/** The place at a point: a sign's if the point is near the middle of an edge, otherwise a cell's, or null. */
export function placeAt(board, point) {
  const cell = cellAt(board, point);
  if (!cell) return null;
  const reach = SIGN_REACH * pitch(board.cells);
  const near = neighbours(board.size, ...cell)
    .map(([, other]) => signPlace(cell, other))
    .find((place) => length(minus(placePoint(board, place), point)) < reach);
  return near ?? cellPlace(...cell);
}

/** The boards as one reads a page: row by row from the top, each row from the left. */
export function inPageOrder(boards) {
  const top = (board) => Math.min(...board.corners.map(([, y]) => y));
  const bottom = (board) => Math.max(...board.corners.map(([, y]) => y));
  const left = (board) => Math.min(...board.corners.map(([x]) => x));
  let rest = [...boards].sort((a, b) => top(a) - top(b));
  const ordered = [];
  while (rest.length) {
    const line = (top(rest[0]) + bottom(rest[0])) / 2;
    const row = rest.filter((board, k) => k === 0 || top(board) < line);
    ordered.push(...row.sort((a, b) => left(a) - left(b)));
    rest = rest.filter((board) => !row.includes(board));
  }
  return ordered;
}
