// The canvas that shows the photo: pinch, wheel and buttons zoom, a finger moves it, a tap is handed on.

/** Factors of the zoom: of a step, and the greatest over the whole photo. */
const STEP = 1.4;
const GREATEST = 12;
/** Pixels of the screen that a finger may move in a tap. */
const TAP_SLACK = 8;
/** Space around a board that fills the canvas, as a share of its extent. */
const MARGIN = 0.09;
/** Pixels below a board that fills the canvas, for the buttons. */
const BELOW = 56;

export class View {
  #photo = null;
  #scale = 1;
  #offset = [0, 0];
  #target = null; // what is fitted into the canvas: points, or null after the player has moved it
  #pointers = new Map();
  #moved = 0;
  #isDrawing = false;

  /** `draw(context, px)` draws over the photo, in its pixels; `tap(point)` is told where in the photo was tapped. */
  constructor(canvas, { draw, tap }) {
    this.canvas = canvas;
    this.draw = draw;
    this.tap = tap;
    new ResizeObserver(() => this.#resize()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.#down(event));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    canvas.addEventListener("pointerup", (event) => this.#pointers.delete(event.pointerId));
    canvas.addEventListener("pointercancel", (event) => this.#pointers.delete(event.pointerId));
    canvas.addEventListener("click", (event) => this.#click(event));
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** Show a photo, fitted into the canvas unless it has the size of the one before. */
  show(photo) {
    const isOther = photo?.width !== this.#photo?.width || photo?.height !== this.#photo?.height;
    this.#photo = photo;
    if (isOther) this.fit();
    this.redraw();
  }

  /** Fit points of the photo into the canvas; the whole photo without any. */
  fit(points = null) {
    this.#target = points ?? this.#whole();
    this.#refit();
  }

  get isWhole() {
    return Math.abs(this.#scale / this.#least() - 1) < 0.01;
  }

  zoomIn = () => this.#zoom(STEP, this.#middle());
  zoomOut = () => this.#zoom(1 / STEP, this.#middle());

  /** Move as little as needed to see a point of the photo. */
  reveal([x, y]) {
    const { width, height } = this.#box();
    const [sx, sy] = [x * this.#scale + this.#offset[0], y * this.#scale + this.#offset[1]];
    const by = (at, extent) => (at < 0.1 * extent ? 0.3 * extent - at : at > 0.9 * extent ? 0.7 * extent - at : 0);
    this.#shift(by(sx, width), by(sy, height));
  }

  redraw() {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#paint();
    });
  }

  #paint() {
    const context = this.canvas.getContext("2d");
    const ratio = devicePixelRatio || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    if (!this.#photo) return;
    context.setTransform(this.#scale * ratio, 0, 0, this.#scale * ratio, this.#offset[0] * ratio, this.#offset[1] * ratio);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#photo.image, 0, 0);
    this.draw(context, 1 / this.#scale);
  }

  #resize() {
    const { width, height } = this.#box();
    const ratio = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    if (this.#target) this.#refit();
    else this.#shift(0, 0);
    this.#paint(); // at once, because a canvas is cleared when its size changes
  }

  #box = () => this.canvas.getBoundingClientRect();
  #middle = () => [this.#box().width / 2, this.#box().height / 2];
  #whole = () => [[0, 0], [this.#photo?.width ?? 1, this.#photo?.height ?? 1]];

  /** The scale at which the whole photo just fits. */
  #least() {
    const { width, height } = this.#box();
    return Math.min(width / (this.#photo?.width ?? 1), height / (this.#photo?.height ?? 1));
  }

  #refit() {
    const { width, height } = this.#box();
    if (!this.#photo || !width || !height) return;
    const [xs, ys] = [0, 1].map((axis) => this.#target.map((point) => point[axis]));
    const [low, high] = [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
    const isWhole = this.#target.length === 2;
    const [room, below] = isWhole ? [1, 0] : [1 + 2 * MARGIN, BELOW];
    const scale = Math.min(width / ((high[0] - low[0]) * room), (height - below) / ((high[1] - low[1]) * room));
    this.#scale = Math.max(scale, this.#least());
    const middle = [0, 1].map((axis) => (this.#scale * (low[axis] + high[axis])) / 2);
    this.#offset = [width / 2 - middle[0], (height - below) / 2 - middle[1]];
    this.#shift(0, 0);
  }

  /** Move by pixels of the screen, without leaving the photo. */
  #shift(dx, dy) {
    const box = this.#box();
    const within = (offset, room, extent) =>
      extent <= room ? (room - extent) / 2 : Math.min(Math.max(offset, room - extent), 0);
    this.#offset = [
      within(this.#offset[0] + dx, box.width, (this.#photo?.width ?? 0) * this.#scale),
      within(this.#offset[1] + dy, box.height, (this.#photo?.height ?? 0) * this.#scale),
    ];
    this.redraw();
  }

  /** Zoom by a factor around a point of the canvas. */
  #zoom(factor, [x, y]) {
    const least = this.#least();
    const scale = Math.min(Math.max(this.#scale * factor, least), least * GREATEST);
    const k = scale / this.#scale;
    this.#offset = [x + (this.#offset[0] - x) * k, y + (this.#offset[1] - y) * k];
    this.#scale = scale;
    this.#target = null;
    this.#shift(0, 0);
  }

  #at(event) {
    const { left, top } = this.#box();
    return [event.clientX - left, event.clientY - top];
  }

  #wheel(event) {
    event.preventDefault();
    this.#zoom(Math.exp(-event.deltaY / 300), this.#at(event));
  }

  #down(event) {
    if (event.button > 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    if (this.#pointers.size === 0) this.#moved = 0;
    this.#pointers.set(event.pointerId, this.#at(event));
    if (this.#pointers.size > 1) this.#moved = Infinity;
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const now = this.#at(event);
    const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
    if (this.#pointers.size === 1) {
      this.#moved += Math.hypot(dx, dy);
      if (this.#moved > TAP_SLACK) {
        this.#target = null;
        this.#shift(dx, dy);
      }
    } else {
      const other = [...this.#pointers].find(([id]) => id !== event.pointerId)[1];
      const spread = (point) => Math.max(Math.hypot(point[0] - other[0], point[1] - other[1]), 1);
      this.#zoom(spread(now) / spread(before), other);
      this.#shift(dx / 2, dy / 2);
    }
    this.#pointers.set(event.pointerId, now);
  }

  /** A tap is a click and not the end of a touch: what opens at the end of a touch would get the click that follows. */
  #click(event) {
    if (this.#moved > TAP_SLACK || !this.#photo) return;
    const [x, y] = this.#at(event);
    this.tap([(x - this.#offset[0]) / this.#scale, (y - this.#offset[1]) / this.#scale]);
  }
}
