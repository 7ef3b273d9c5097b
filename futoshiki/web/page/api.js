// Requests to the server. Each function resolves to its JSON, or throws an `ApiError` with a sentence for the player.

import { FAILURES } from "./strings.js";

/** Times that a request is sent again when the server says that it is busy, and the longest wait between, in seconds. */
const RETRIES = 5;
const LONGEST_WAIT = 20;

/** The access key of an address that was printed with one: `#key=…`. */
const key = new URLSearchParams(location.hash.slice(1)).get("key");

export class ApiError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/** The result for a photo, as of `futoshiki solve --json`. `onWait` is told how many seconds a busy server asks to wait. */
export const solvePhoto = (blob, options) => post("solve", blob, options);

/**
 * The board, solved anew with the clues in `settled`, such as `r3c2=4`. The server decodes a board anew if it is sent as it
 * was read.
 */
export async function settle(result, board, settled, options) {
  const answer = await ask("settle", result, board, { settled }, options);
  return answer.boards[0];
}

/** The next step, in three levels. `entries` are [row, column, value]. */
export const hint = (result, board, entries, options) => ask("hint", result, board, { entries }, options);

/** The mistakes among `entries`. */
export const check = (result, board, entries, options) => ask("check", result, board, { entries }, options);

/** What is seen in a frame; `id` is that of the live session, if there is one already. */
export const liveFrame = (blob, id, options) => post(id ? `live/${encodeURIComponent(id)}` : "live", blob, options);

/** End a live session; also while the page is being left. */
export const endLive = (id) =>
  fetch(`api/live/${encodeURIComponent(id)}`, { method: "DELETE", headers: headers(), keepalive: true }).catch(() => {});

/** A question about one board of a result, which is sent as the only one. */
const ask = (path, result, board, question, options) =>
  post(path, JSON.stringify({ result: { ...result, status: board.status, boards: [board] }, board: 1, ...question }), options);

function headers(body) {
  const type = body === undefined ? {} : { "Content-Type": typeof body === "string" ? "application/json" : body.type };
  return { "X-Futoshiki": "page", ...type, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
}

async function post(path, body, { signal, onWait = () => {} } = {}) {
  for (let tries = 0; ; tries++) {
    const response = await send(path, body, signal);
    if (response.status !== 503) return answerOf(response, signal);
    if (tries === RETRIES) throw new ApiError(FAILURES.stillBusy, 503);
    const wait = Math.min(Math.max(Number(response.headers.get("Retry-After")) || 1, 1), LONGEST_WAIT);
    onWait(wait);
    await pause(wait * 1000, signal);
  }
}

async function send(path, body, signal) {
  try {
    return await fetch(`api/${path}`, { method: "POST", headers: headers(body), body, signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(FAILURES.offline);
  }
}

async function answerOf(response, signal) {
  const answer = await response.json().catch(() => null);
  signal?.throwIfAborted();
  if (response.ok && answer) return answer;
  const ours = { 401: FAILURES.key, 413: FAILURES.tooLarge, 504: FAILURES.slow }[response.status];
  throw new ApiError(answer?.error || ours || FAILURES.broken, response.status);
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
