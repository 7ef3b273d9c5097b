// The live camera: one frame at a time goes to the server, and is shown with the answer that belongs to it. The next frame
// is compressed meanwhile.

import { endLive, liveFrame } from "./api.js";
import { jpegOf, photoOf } from "./photo.js";
import { FAILURES, LIVE } from "./strings.js";

/** Width of a frame, in pixels, and the quality of its JPEG. */
const WIDTH = 1280;
const QUALITY = 0.8;
/** Milliseconds to wait after a frame that could not be sent. */
const PAUSE = 1000;

/** Whether this page may use a camera: only over https or on this computer. */
export const canBeLive = () => window.isSecureContext && Boolean(navigator.mediaDevices?.getUserMedia);

export class Live {
  #stream = null;
  #id = null;
  #abort = null;
  #frames = [1, 2, 3].map(() => document.createElement("canvas")); // one is shown, one on its way, one being compressed

  /** `onSight(photo, sight)` is told of every frame and what is seen in it, `onTrouble(sentence)` of what went wrong. */
  constructor(video, { onSight, onTrouble }) {
    this.video = video;
    this.onSight = onSight;
    this.onTrouble = onTrouble;
    addEventListener("pagehide", () => this.stop());
  }

  get isRunning() {
    return this.#abort !== null;
  }

  /** Start the camera; throws an `Error` with a sentence for the player if there is none, or it may not be used. */
  async start() {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const size = { width: { ideal: WIDTH }, height: { ideal: 720 } };
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", ...size }, audio: false });
      if (signal.aborted) return stream.getTracks().forEach((track) => track.stop());
      this.#stream = stream;
      this.video.srcObject = stream;
      await this.video.play();
    } catch (error) {
      if (signal.aborted) return;
      this.stop();
      throw new Error({ NotAllowedError: LIVE.refused, NotFoundError: LIVE.none }[error.name] ?? LIVE.failed);
    }
    this.#run(signal);
  }

  /** Stop the camera and end the session on the server. */
  stop() {
    this.#abort?.abort();
    this.#abort = null;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = null;
    this.video.srcObject = null;
    if (this.#id) endLive(this.#id);
    this.#id = null;
  }

  async #run(signal) {
    let next = this.#grab();
    while (!signal.aborted) {
      if (document.hidden) await once(document, "visibilitychange", signal);
      const photo = await next;
      if (signal.aborted) return;
      next = this.#grab();
      try {
        if (photo) await this.#send(photo, signal);
      } catch (error) {
        if (signal.aborted) return;
        if (error.status === 404) this.#id = null; // the session is gone: the next frame begins another
        else {
          this.onTrouble(error.message || FAILURES.broken);
          await new Promise((resolve) => setTimeout(resolve, PAUSE));
        }
      }
    }
  }

  async #send(photo, signal) {
    const onWait = (seconds) => signal.aborted || this.onTrouble(FAILURES.busy(seconds));
    // the first request is not given up, because the session that it begins has to be ended
    const sight = await liveFrame(photo.blob, this.#id, { signal: this.#id ? signal : undefined, onWait });
    if (signal.aborted) {
      if (sight.id && sight.id !== this.#id) endLive(sight.id);
      return;
    }
    this.#id ??= sight.id;
    this.onSight(photo, sight);
  }

  /** The camera's picture now, as a photo; null if it gives none. */
  #grab() {
    const frame = this.#frames.shift();
    this.#frames.push(frame);
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, WIDTH / Math.max(videoWidth, videoHeight));
    const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
    if (frame.width !== width || frame.height !== height) [frame.width, frame.height] = [width, height];
    frame.getContext("2d").drawImage(this.video, 0, 0, width, height);
    return jpegOf(frame, QUALITY).then((blob) => photoOf(frame, blob), () => null);
  }
}

function once(target, type, signal) {
  return new Promise((resolve) => {
    target.addEventListener(type, resolve, { once: true, signal });
    signal.addEventListener("abort", resolve, { once: true });
  });
}
