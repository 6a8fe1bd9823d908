// The plot of the space: Plotly draws it whenever the player stands still, and listens to the mouse. The learner's
// view (a zoom, a turned camera) is kept here and handed to Plotly with every drawing.
import { pointsAt } from "./space-data.js";
import { copyPlotlyStyle, readPalette } from "./plotly-host.js";
import { layout, movingPoints, traces } from "./space-figure.js";
import { Gliding } from "./space-gliding.js";
import { placeLabels, textWidths } from "./space-labels.js";
import { flatScreen, homeCamera, homeRanges, solidScreen } from "./space-screen.js";

const LABELS = { 2: 60, 3: 24 }; // at most so many
const MARGINS = { 2: { l: 46, r: 8, t: 8, b: 40 }, 3: { l: 0, r: 0, t: 0, b: 0 } };
const OPTIONS = { displayModeBar: false, scrollZoom: true, doubleClick: false, responsive: false };
const NEAR_ENOUGH = 14; // pixels between a press and the point that is meant
const SLOW = 25; // milliseconds for a drawing

export class Plot {
  constructor(space) {
    this.space = space;
    this.element = space.find(".space-canvas");
    Object.assign(this, { palette: null, spots: new Map(), view: null, camera: null, drawn: 0, gliding: null });
    this.element.addEventListener("pointerdown", (event) => this.press(event), true);
    this.watcher = new ResizeObserver(() => this.redraw());
    this.watcher.observe(this.element);
  }

  takeRun(run) {
    this.spots = new Map();
    this.widths = textWidths(run.words, getComputedStyle(this.element).fontFamily);
  }

  /** Plotly is there, or the theme may have changed. */
  refresh() {
    this.palette = readPalette(this.space.root);
    this.redraw();
    copyPlotlyStyle(this.element);
  }

  // ---------------------------------------------------------------- drawing

  /** Something else is to be seen: a running player draws it with its next movement. */
  redraw() {
    if (!this.space.gliding) return this.draw();
    this.endGliding();
    this.stale = true;
  }

  /** All of it, by Plotly. */
  draw(time = this.space.frame) {
    if (!this.palette || !this.element.clientWidth) return null;
    this.endGliding();
    const { run } = this.space;
    if (this.drawn && this.drawn !== run.k) this.forget();
    this.measure(run);
    this.points = pointsAt(run, time);
    const order = this.byImportance();
    this.named = order.slice(0, LABELS[run.k]);
    this.rest = order.slice(LABELS[run.k]);
    this.placeLabels(this.named);
    const done = Plotly.react(this.element, traces(this), layout(this), OPTIONS);
    if (!this.drawn) this.listen();
    this.drawn = run.k;
    return done;
  }

  /** Another number of axes: Plotly begins anew. */
  forget() {
    Plotly.purge(this.element);
    this.drawn = 0;
    this.setView(null, null);
  }

  measure({ k, bounds }) {
    this.margin = MARGINS[k];
    this.width = this.element.clientWidth;
    this.height = this.element.clientHeight;
    const { l, r, t, b } = this.margin;
    this.size = [this.width - l - r, this.height - t - b];
    this.ranges = this.view ?? homeRanges(bounds, k === 3 ? [1, 1, 1] : this.size);
  }

  /** All words, the most important first: the chosen one, its nearest, who is ever among these, then by id. */
  byImportance() {
    const { word, near, frame, company, run } = this.space;
    return [...new Set([word, ...near[frame], ...company, ...run.ids])];
  }

  /** The function from a point to pixels. */
  screen() {
    if (this.space.run.k === 3) return solidScreen(this.ranges, this.camera ?? homeCamera(this.size), this.height);
    return flatScreen(this.ranges, this.size);
  }

  placeLabels(ids) {
    const { run, near, frame } = this.space;
    const points = this.points.map(this.screen());
    const certain = 1 + near[frame].length;
    const size = run.k === 3 ? null : this.size;
    this.spots = placeLabels({ ids, points, widths: this.widths, certain, old: this.spots, size });
  }

  // ---------------------------------------------------------------- the running player

  /** The player is at `time`, between two frames. */
  glide(time) {
    if (!this.drawn) return;
    if (this.space.run.k === 2) this.gliding ??= this.beginGliding(time);
    if (this.gliding?.waiting) return;
    const whole = this.stale;
    this.stale = false;
    if (this.gliding?.sound) this.moveByHand(time, whole);
    else this.moveByPlotly(time, whole);
  }

  beginGliding(time) {
    const done = Promise.resolve(this.draw(time)); // not drawn while the plot is hidden
    const gliding = new Gliding(this);
    done.then(() => gliding === this.gliding && gliding.start());
    return gliding;
  }

  endGliding() {
    this.gliding?.end();
    this.gliding = null;
  }

  moveByHand(time, whole) {
    this.points = pointsAt(this.space.run, time);
    if (whole) this.placeLabels(this.byImportance().filter((id) => this.named.includes(id)));
    this.gliding.draw(whole);
  }

  /** In 3-D. Where WebGL is slow, whole frames only. */
  moveByPlotly(time, whole) {
    if (this.slow && !whole) return;
    const before = performance.now();
    if (whole) this.draw(this.slow ? this.space.frame : time);
    else this.restyle(time);
    this.slow = performance.now() - before > SLOW;
  }

  restyle(time) {
    this.points = pointsAt(this.space.run, time);
    const parts = movingPoints(this);
    const update = Object.fromEntries(Object.keys(parts[0]).map((axis) => [axis, parts.map((part) => part[axis])]));
    Plotly.restyle(this.element, update, [-4, -3, -2, -1]);
  }

  // ---------------------------------------------------------------- the learner's mouse

  listen() {
    const choose = (id) => this.pressedWhileGliding || this.space.choose(id);
    this.element.on("plotly_click", ({ points }) => choose(points[0].customdata));
    this.element.on("plotly_doubleclick", () => this.resetView());
    this.element.on("plotly_relayouting", (change) => (this.camera = change["scene.camera"] ?? this.camera));
    this.element.on("plotly_relayout", (change) => this.viewChanged(change));
  }

  /** Plotly knows only where the points were when the player began. */
  press(event) {
    this.pressedWhileGliding = Boolean(this.gliding);
    if (!this.gliding) return;
    const box = this.element.getBoundingClientRect();
    const at = [event.clientX - box.left - this.margin.l, event.clientY - box.top - this.margin.t];
    const away = this.points.map(this.screen()).map(([x, y]) => Math.hypot(x - at[0], y - at[1]));
    const id = away.indexOf(Math.min(...away));
    if (away[id] < NEAR_ENOUGH) this.space.choose(id);
  }

  viewChanged(change) {
    const { xaxis, yaxis } = this.element.layout;
    const zoomed = Object.keys(change).some((name) => name.includes("axis"));
    if (change["scene.camera"]) this.setView(null, change["scene.camera"]);
    else if (zoomed) this.setView([[...xaxis.range], [...yaxis.range]], null);
    else return;
    this.redraw();
  }

  setView(view, camera) {
    Object.assign(this, { view, camera });
    this.space.find("[data-tool=reset]").hidden = !(view || camera);
  }

  resetView() {
    this.setView(null, null);
    this.spots = new Map();
    this.redraw();
  }

  remove() {
    this.watcher.disconnect();
    if (this.drawn) Plotly.purge(this.element);
  }
}
