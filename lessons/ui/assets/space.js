// The evolving space: a table's rows on fixed axes over a whole training run.
// The run arrives once; everything here happens in the browser, and only "Explain" goes back to Python.
import { calmMotion, controls } from "./controls.js";

const SHAPES = ["circle", "square", "diamond", "cross", "x", "diamond-open"]; // all of them exist in 2-D and 3-D
const GLYPHS = {
  circle: '<circle cx="7" cy="7" r="5"/>',
  square: '<path d="M2.5 2.5h9v9h-9z"/>',
  diamond: '<path d="M7 1l6 6-6 6-6-6z"/>',
  cross: '<path d="M5 1.5h4V5h3.5v4H9v3.5H5V9H1.5V5H5z"/>',
  x: '<path d="M3.8 1L7 4.2 10.2 1 13 3.8 9.8 7 13 10.2 10.2 13 7 9.8 3.8 13 1 10.2 4.2 7 1 3.8z"/>',
  "diamond-open": '<path d="M7 2l5 5-5 5-5-5z" fill="none" stroke="currentColor" stroke-width="2"/>',
};
const COLOURS = ["ink", "muted", "line", "edge", "surface", "raised", "chosen"];
const GROUP_COLOURS = 6;
const DASHES = ["", "7 3", "2 3", "9 3 2 3", "4 2"];
const LABELS = { 2: 60, 3: 24 };
const NEAREST = 5;
const TABLE_ROWS = 60;
const TRAIL_VERTICES = 60;
const LOSS_VERTICES = 600;
const MARGIN = { l: 46, r: 8, t: 8, b: 40 };
const CAMERA = { eye: { x: 1.2, y: 1.2, z: 0.65 }, center: { x: 0, y: 0, z: -0.08 }, up: { x: 0, y: 0, z: 1 } };
const MINUS = "\u2212";
const lastToken = new Map(); // a player that is mounted again must not start again

// ---------------------------------------------------------------- numbers

const withMinus = (text) => text.replace("-", MINUS);

function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  return withMinus(Math.abs(value) < 0.001 || Math.abs(value) >= 1e4 ? value.toExponential(1) : value.toPrecision(digits));
}

function signed(value) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const digits = size >= 10 ? size.toFixed(1) : size >= 0.01 ? size.toFixed(2) : size >= 0.001 ? size.toFixed(3) : size.toExponential(0);
  return (value < 0 ? MINUS : "+") + digits;
}

function niceTicks(low, high, count) {
  const raw = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const size = [1, 2, 5, 10].map((factor) => factor * power).find((factor) => factor >= raw);
  const ticks = [];
  for (let tick = Math.ceil(low / size) * size; tick <= high + size * 1e-6; tick += size) ticks.push(Number(tick.toPrecision(6)));
  return ticks;
}

// ---------------------------------------------------------------- the run

function headerOf(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  return { header, start: 4 + size };
}

function unpack(bytes, { header, start }) {
  const run = { ...header };
  const buffer = bytes.slice(start).buffer;
  let at = 0;
  for (const [name, shape] of header.arrays) {
    const length = shape.reduce((product, side) => product * side, 1);
    run[name] = new Float32Array(buffer, at, length);
    at += 4 * length;
    if (name === "snapshots") [run.F, run.V, run.D] = shape;
    if (name === "coordinates") run.k = shape[2];
  }
  run.names = [...new Set(run.groups)].filter((group) => group);
  run.groupOf = run.groups.map((group) => run.names.indexOf(group));
  run.bounds = bounds(run);
  run.full = largeValue(run.snapshots);
  return run;
}

function bounds({ coordinates, k }) {
  const box = Array.from({ length: k }, () => [Infinity, -Infinity]);
  for (let at = 0; at < coordinates.length; at++) {
    const value = coordinates[at];
    if (!Number.isFinite(value)) continue;
    const side = box[at % k];
    if (value < side[0]) side[0] = value;
    if (value > side[1]) side[1] = value;
  }
  return box.map(([low, high]) => (low <= high ? [low, high] : [-1, 1]));
}

/** The size at which a cell has its full tint: 98 % of the run's numbers are smaller. */
function largeValue(values) {
  const stride = Math.ceil(values.length / 20000);
  const sizes = [];
  for (let at = 0; at < values.length; at += stride) if (Number.isFinite(values[at])) sizes.push(Math.abs(values[at]));
  sizes.sort((a, b) => a - b);
  return sizes[Math.floor(0.98 * (sizes.length - 1))] || 1;
}

function distance(run, frame, one, other) {
  let sum = 0;
  const a = (frame * run.V + one) * run.D;
  const b = (frame * run.V + other) * run.D;
  for (let d = 0; d < run.D; d++) sum += (run.snapshots[a + d] - run.snapshots[b + d]) ** 2;
  return Math.sqrt(sum);
}

function cosine(run, frame, one, other) {
  let [dot, left, right] = [0, 0, 0];
  const a = (frame * run.V + one) * run.D;
  const b = (frame * run.V + other) * run.D;
  for (let d = 0; d < run.D; d++) {
    dot += run.snapshots[a + d] * run.snapshots[b + d];
    left += run.snapshots[a + d] ** 2;
    right += run.snapshots[b + d] ** 2;
  }
  return dot / Math.sqrt(left * right);
}

/** The nearest rows of `word` at every frame, in all D dimensions: [frame][rank] -> id. */
function nearestOverRun(run, word) {
  return Array.from({ length: run.F }, (_, frame) => {
    const found = [];
    for (let other = 0; other < run.V; other++) {
      if (other === word) continue;
      const far = distance(run, frame, word, other);
      if (found.length === NEAREST && far >= found[NEAREST - 1].far) continue;
      let rank = found.length;
      while (rank > 0 && found[rank - 1].far > far) rank--;
      found.splice(rank, 0, { other, far });
      found.length = Math.min(found.length, NEAREST);
    }
    return found.map(({ other }) => other);
  });
}

// ---------------------------------------------------------------- small charts

function svg(name, attributes, parent) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
}

/** A line chart with a cursor. seek(x) is called when it is pressed. */
function lineChart(height, seek) {
  const [left, right, top, bottom] = [34, 276, 6, height - 18];
  const element = svg("svg", { viewBox: `0 0 280 ${height}`, class: "space-chart seek", role: "img" });
  let last = 1;
  const across = (x) => left + ((right - left) * x) / last;
  let cursor = null;

  element.addEventListener("pointerdown", (event) => {
    const box = element.getBoundingClientRect();
    seek(Math.max(0, Math.min(1, (((event.clientX - box.left) / box.width) * 280 - left) / (right - left))) * last);
  });

  function build(curves, xLast, [low, high]) {
    last = xLast || 1;
    const down = (y) => bottom - ((bottom - top) * (y - low)) / (high - low || 1);
    element.replaceChildren();
    for (const tick of niceTicks(low, high, 3)) {
      svg("line", { class: "grid", x1: left, x2: right, y1: down(tick), y2: down(tick) }, element);
      svg("text", { x: left - 6, y: down(tick) + 4, "text-anchor": "end" }, element).textContent = withMinus(String(tick));
    }
    const ends = niceTicks(0, last, 3).filter((tick) => Number.isInteger(tick));
    for (const tick of ends) svg("text", { x: across(tick), y: height - 3, "text-anchor": "middle" }, element).textContent = tick;
    for (const { xs, ys, stroke, dash = "" } of curves) {
      let path = "";
      let pen = "M";
      ys.forEach((y, at) => {
        if (!Number.isFinite(y)) return (pen = "M");
        path += `${pen}${across(xs ? xs[at] : at).toFixed(1)} ${down(y).toFixed(1)}`;
        pen = "L";
      });
      svg("path", { class: "curve", d: path, style: `stroke:${stroke}`, "stroke-dasharray": dash }, element);
    }
    cursor = svg("line", { class: "cursor", y1: top - 4, y2: bottom + 4 }, element);
  }

  function move(x) {
    cursor.setAttribute("x1", across(x));
    cursor.setAttribute("x2", across(x));
  }
  return { element, build, move };
}

// ---------------------------------------------------------------- labels

const SPOTS = [
  ["top center", -0.5, -1], ["bottom center", -0.5, 1], ["middle right", 0, 0], ["middle left", -1, 0],
  ["top right", 0, -1], ["bottom right", 0, 1], ["top left", -1, -1], ["bottom left", -1, 1],
];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const unit = (a) => a.map((part) => part / Math.sqrt(dot(a, a)));
const pen = document.createElement("canvas").getContext("2d");

function labelBox([, shift, side], x, y, width) {
  const [height, gap] = [14, 6];
  const aside = shift === 0 ? gap : shift === -1 ? -gap : 0;
  const top = side === 0 ? y - height / 2 : side < 0 ? y - gap - height : y + gap;
  const left = x + shift * width + (side === 0 ? aside : aside / 3);
  return [left, top, left + width, top + height];
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** Greedy: in order of importance each label takes its old spot or the first free one; without one it waits for hover. */
function placeLabels(points, ids, widths, { chosen, near, old, frame }) {
  const dots = points.map(([x, y]) => [x - 5, y - 5, x + 5, y + 5]);
  const taken = [];
  const spots = new Map();
  for (const id of ids) {
    const [x, y] = points[id];
    const order = old.has(id) ? [old.get(id), ...SPOTS] : SPOTS;
    const inside = ([left, top, right, low]) => !frame || (left >= 0 && top >= 0 && right <= frame[0] && low <= frame[1]);
    const free = (box) => inside(box) && !taken.some((other) => overlap(box, other));
    const clear = (box) => free(box) && !dots.some((dot, at) => at !== id && overlap(box, dot));
    const boxes = order.map((spot) => [spot, labelBox(spot, x, y, widths[id])]);
    const second = near.includes(id) || id === chosen ? boxes.find(([, box]) => free(box)) : null;
    const found = boxes.find(([, box]) => clear(box)) ?? second ?? (id === chosen ? boxes[0] : null);
    if (!found) continue;
    spots.set(id, found[0]);
    taken.push(found[1]);
  }
  return spots;
}

// ---------------------------------------------------------------- the page

const MARKUP = `
<div class="space-layout">
  <div class="space-main">
    <div class="space-top">
      <ul class="space-legend" aria-label="Groups of words"></ul>
      <div class="space-tools">
        <button type="button" class="tool" data-tool="reset" hidden>Reset view</button>
        <button type="button" class="tool" data-tool="trails" aria-pressed="false">Trails</button>
        <button type="button" class="tool" data-tool="colours" aria-pressed="true">Colours</button>
        <button type="button" class="tool" data-tool="table" aria-pressed="false">Table</button>
      </div>
    </div>
    <div class="space-plot" role="figure"><div class="space-wait">Loading the plot …</div><div class="space-canvas"></div></div>
    <div class="space-controls"></div>
    <div class="space-foot"><p class="space-note"></p><button type="button" class="tool" data-tool="explain"></button></div>
    <div class="space-table" tabindex="0" role="region" aria-label="Coordinates" hidden></div>
  </div>
  <div class="space-side">
    <section><h4 class="space-loss"></h4></section>
    <section>
      <label class="chooser"><span>Word</span><select></select><span class="space-id"></span></label>
      <table class="space-row"><caption class="heard"></caption><tbody></tbody></table>
    </section>
    <section>
      <table class="space-near"><caption></caption>
        <thead><tr><th scope="col">word</th><th scope="col">distance</th><th scope="col">cosine</th></tr></thead><tbody></tbody></table>
    </section>
    <section><h4>Distance to these <span>over the run</span></h4></section>
  </div>
</div>
<p class="heard" aria-live="polite"></p>`;

// Plotly reads tags in its text; in its 3-D labels it does not know the entities either.
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const solidText = (text) => text.replace(/</g, "‹").replace(/>/g, "›");
const cell = (tag, text, scope) => {
  const element = document.createElement(tag);
  element.textContent = text;
  if (scope) element.scope = scope;
  return element;
};

function loadStyle(parent) {
  return new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("look.css", import.meta.url).href;
    link.onload = link.onerror = done;
    parent.append(link);
  });
}

let plotly = null;
function loadPlotly() {
  plotly ??= new Promise((done, failed) => {
    if (window.Plotly) return done(window.Plotly);
    const script = document.createElement("script");
    script.src = new URL("plotly.min.js", import.meta.url).href;
    script.onload = () => done(window.Plotly);
    script.onerror = () => failed(new Error("the plot could not be loaded"));
    document.head.append(script);
  });
  return plotly;
}

/** Plotly puts its style rules into the document's head, where a shadow root does not see them. */
function copyPlotlyStyle(root) {
  const host = root.getRootNode();
  const own = document.getElementById("plotly.js-style-global");
  if (host === document || !own || host.querySelector("style[data-plotly]")) return;
  const style = document.createElement("style");
  style.dataset.plotly = "";
  style.textContent = [...own.sheet.cssRules].map((rule) => rule.cssText).join("\n");
  root.before(style);
}

/**
 * While the player runs, the nodes that Plotly has drawn are moved by hand: a redraw by Plotly takes 30 ms and more,
 * this less than one. When it stops, Plotly draws the same frame itself.
 */
class Gliding {
  constructor(space) {
    Object.assign(this, { space, dots: [], texts: [], lines: new Map(), waiting: true, sound: false });
  }

  /** Plotly has drawn every label: take hold of the nodes. */
  start() {
    if (!this.waiting) return;
    const { space } = this;
    this.waiting = false;
    const nodes = (name, selector) => [...space.plot.querySelectorAll(`.trace${name} ${selector}`)];
    this.dots = [[space.rest, nodes("rest", ".points path")], [space.ids, nodes("named", ".points path")], [[space.word], nodes("ring", ".points path")]];
    this.texts = nodes("named", ".text text");
    this.sound = this.dots.every(([ids, found]) => ids.length === found.length) && this.texts.length === space.ids.length;
    if (!this.sound) return;
    this.radius = (space.run.V > 200 ? 3 : 4.5) / 0.8 + 1;
    space.plot._fullLayout.hovermode = false; // it would show where the points were
    this.labels();
  }

  draw(whole) {
    const { space } = this;
    const points = space.onScreen2();
    for (const [ids, nodes] of this.dots) nodes.forEach((node, at) => node.setAttribute("transform", `translate(${points[ids[at]]})`));
    if (whole) this.labels();
    this.texts.forEach((node, at) => {
      node.setAttribute("x", points[space.ids[at]][0]);
      node.setAttribute("y", points[space.ids[at]][1]);
    });
    this.line("links", space.nearest[space.frame].flatMap((other) => [points[space.word], points[other], null]));
    if (whole && space.tools.trails) this.trails();
  }

  labels() {
    const { space } = this;
    const { colours } = space.textOf(space.ids);
    space.ids.forEach((id, at) => {
      const node = this.texts[at];
      const spot = space.spots.get(id);
      node.parentNode.style.display = spot ? "" : "none";
      if (!spot) return;
      const [, shift, side] = spot;
      const across = { "-0.5": 0, 0: 1, "-1": -1 }[shift];
      node.setAttribute("text-anchor", { "-0.5": "middle", 0: "start", "-1": "end" }[shift]);
      node.parentNode.setAttribute("transform", `translate(${across * this.radius},${9 + side * this.radius + (side - 1) * 6})`);
      node.style.fill = colours[at];
      node.style.fillOpacity = 1;
    });
  }

  trails() {
    const [xs, ys] = this.space.scales2();
    this.space.trails().forEach(([across, down], at) => this.line(`way${at}`, across.map((x, place) => (x === null ? null : [xs(x), ys(down[place])]))));
  }

  line(name, points) {
    let path = this.lines.get(name);
    if (!path) {
      const group = this.space.plot.querySelector(`.trace${name}`);
      if (!group) return;
      const trace = this.space.plot.data.find(({ uid }) => uid === name);
      path = svg("path", { class: "own", style: `fill:none;stroke:${trace.line.color};stroke-width:${trace.line.width}` });
      group.querySelector(".lines")?.style.setProperty("display", "none");
      group.prepend(path);
      this.lines.set(name, path);
    }
    let pen = "M";
    path.setAttribute("d", points.map((point) => {
      const part = point ? pen + point[0].toFixed(1) + " " + point[1].toFixed(1) : "";
      pen = point ? "L" : "M";
      return part;
    }).join(""));
  }

  end() {
    this.waiting = false;
    for (const path of this.lines.values()) {
      path.parentNode?.querySelector(".lines")?.style.removeProperty("display");
      path.remove();
    }
    for (const node of this.texts) node.parentNode?.style.removeProperty("display");
    if (this.space.plot._fullLayout) this.space.plot._fullLayout.hovermode = "closest";
  }
}

class Space {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "space";
    this.root.innerHTML = MARKUP;
    this.root.style.visibility = "hidden";
    this.root.dataset.runs = 0;
    this.ready = Promise.all([loadStyle(parent), loadPlotly()]).then(([, library]) => (this.Plotly = library));
    parent.append(this.root);
    this.find = (selector) => this.root.querySelector(selector);
    this.plot = this.find(".space-canvas");
    this.root.__space = this;
    Object.assign(this, { frame: 0, word: 0, spots: new Map(), home: null, view: null, written: {}, tools: { trails: false, colours: true, table: false } });
    this.buildParts();
  }

  buildParts() {
    const seek = (x) => this.run.F > 1 && this.player.set(x);
    this.loss = lineChart(96, seek);
    this.distances = lineChart(96, seek);
    const sections = this.root.querySelectorAll(".space-side section");
    sections[0].append(this.loss.element);
    sections[3].append(this.distances.element);
    this.player = controls({ steps: [0], step: 0, label: "Training step", noun: "step", onStep: (_, how) => this.stepped(how), onGlide: (place) => this.glide(place) });
    this.find(".space-controls").append(this.player.element);
    this.chooser = this.find(".chooser select");
    this.chooser.addEventListener("change", () => this.choose(Number(this.chooser.value)));
    for (const tool of this.root.querySelectorAll("[data-tool]")) tool.addEventListener("click", () => this.useTool(tool));
    this.plot.addEventListener("pointerdown", (event) => this.pressed(event), true);
    this.watcher = new ResizeObserver(() => this.fit());
    this.watcher.observe(this.plot);
  }

  // -------------------------------------------------------------- what Python says

  receive(bytes, setStateValue) {
    const head = headerOf(bytes);
    this.setStateValue = setStateValue;
    this.root.dataset.runs = Number(this.root.dataset.runs) + 1;
    const fresh = this.run?.run !== head.header.run;
    const moved = this.follow(head.header);
    if (fresh) this.takeRun(unpack(bytes, head), moved);
    else if (moved.step !== undefined) this.player.set(moved.step);
    if (!fresh && moved.word !== undefined) this.choose(this.idOf(moved.word), false);
    this.root.querySelector("[data-tool=explain]").hidden = !head.header.explain;
    this.ready.then(() => this.refresh(fresh), (problem) => this.fail(problem)).then(() => this.startIfAsked(head.header));
  }

  /** What Python asks for now and did not ask for before; what the learner's own choice put into the URL is no news. */
  follow(header) {
    const moved = {};
    for (const name of ["step", "word", "trails"]) {
      const news = !this.asked || this.asked[name] !== header[name];
      if (news && !(name in this.written && String(this.written[name]) === String(header[name]))) moved[name] = header[name];
    }
    this.asked = { step: header.step, word: header.word, trails: header.trails };
    if (moved.trails !== undefined) this.press("trails", moved.trails);
    return moved;
  }

  takeRun(run, moved) {
    const word = this.run?.words[this.word];
    const step = moved.step ?? this.run?.steps[this.frame] ?? 0;
    this.run = run;
    this.word = this.idOf(moved.word || word);
    this.spots = new Map();
    this.player.update({ steps: run.steps, step, interval: Math.max(80, Math.min(500, 12000 / run.F)) });
    this.frame = this.player.place;
    this.now = run.bounds.map(() => new Float32Array(run.V));
    pen.font = `12px ${getComputedStyle(this.root).fontFamily}`;
    this.widths = run.words.map((text) => pen.measureText(text).width + 4);
    this.fillChooser();
    this.aboutWord();
    this.buildLoss();
  }

  buildLoss() {
    const { losses, steps, F } = this.run;
    const stride = Math.ceil(losses.length / LOSS_VERTICES);
    const xs = Array.from({ length: Math.ceil(losses.length / stride) }, (_, at) => at * stride);
    const ys = xs.map((x) => losses[x]);
    const measured = ys.filter(Number.isFinite);
    const range = measured.length ? [Math.min(...measured), Math.max(...measured)] : [0, 1];
    this.loss.build([{ xs, ys, stroke: "var(--ink)" }], steps[F - 1], range);
  }

  idOf(word) {
    const id = this.run.words.indexOf(word);
    return id >= 0 ? id : Math.max(0, this.run.groups.findIndex((group) => group));
  }

  startIfAsked({ token, key }) {
    if (token <= (lastToken.get(key) ?? 0)) return;
    lastToken.set(key, token);
    if (this.run.F === 1) return;
    this.player.pause();
    this.player.update({ step: this.run.steps[0] });
    this.player.play();
  }

  fail(problem) {
    this.root.style.visibility = "";
    this.find(".space-wait").textContent = `Sorry: ${problem.message}. The numbers beside it are right.`;
    this.show(true);
  }

  // -------------------------------------------------------------- what the learner does

  stepped({ playing, settled }) {
    this.frame = this.player.place;
    this.root.dataset.playing = playing;
    if (playing && !calmMotion()) this.pending = true;
    else {
      this.endGliding();
      this.drawPoints(this.frame, true);
    }
    this.show(settled);
    if (settled) this.remember();
  }

  glide(place) {
    if (!this.kind) return;
    if (this.run.k === 2) this.gliding ??= this.beginGliding(place);
    if (this.gliding?.waiting) return;
    const whole = this.pending;
    this.pending = false;
    if (this.run.k === 3) return this.glideSolid(place, whole);
    if (!this.gliding.sound) return this.drawPoints(place, whole);
    this.moveTo(place);
    if (whole) this.placeLabels(this.labelled().filter((id) => this.ids.includes(id)));
    this.gliding.draw(whole);
  }

  /** Where WebGL is slow, whole frames only. */
  glideSolid(place, whole) {
    if (this.slow && !whole) return;
    const before = performance.now();
    this.drawPoints(whole && this.slow ? this.frame : place, whole);
    this.slow = performance.now() - before > 25;
  }

  beginGliding(place) {
    const gliding = new Gliding(this);
    this.drawPoints(place, true).then(() => gliding.start());
    return gliding;
  }

  endGliding() {
    this.gliding?.end();
    this.gliding = null;
  }

  /** Plotly knows only where the points were when the player began. */
  pressed(event) {
    this.pressedWhileGliding = Boolean(this.gliding);
    if (!this.gliding) return;
    const box = this.plot.getBoundingClientRect();
    const at = [event.clientX - box.left - MARGIN.l, event.clientY - box.top - MARGIN.t];
    const away = this.onScreen2().map(([x, y]) => Math.hypot(x - at[0], y - at[1]));
    const id = away.indexOf(Math.min(...away));
    if (away[id] < 14) this.choose(id);
  }

  choose(id, remember = true) {
    this.word = id;
    this.aboutWord();
    this.show(!this.player.playing);
    if (this.Plotly) this.react();
    if (remember && !this.player.playing) this.remember();
  }

  useTool(tool) {
    const name = tool.dataset.tool;
    if (name === "reset") return this.resetView();
    if (name === "explain") return this.setStateValue("explain", this.run.steps[this.frame]);
    this.press(name, !this.tools[name]);
    if (name === "table") return this.fillTable();
    if (this.Plotly) this.react();
    this.fillLegend();
  }

  press(name, on) {
    this.tools[name] = on;
    this.find(`[data-tool=${name}]`).setAttribute("aria-pressed", on);
  }

  /** The place is kept in the address, so that a link or a reload comes back to it; Python is not told. */
  remember() {
    const url = new URL(window.location.href);
    this.written = { step: this.run.steps[this.frame], word: this.run.words[this.word] };
    for (const [name, value] of Object.entries(this.written)) url.searchParams.set(name, value);
    window.history.replaceState(window.history.state, "", url);
  }

  // -------------------------------------------------------------- beside the plot

  aboutWord() {
    const { run, word } = this;
    this.chooser.value = word;
    this.nearest = nearestOverRun(run, word);
    const seen = [...new Set(this.nearest.flat())];
    this.reach = 0;
    this.far = new Map(seen.map((other) => [other, Array.from({ length: run.F }, (_, frame) => distance(run, frame, word, other))]));
    for (const values of this.far.values()) for (const value of values) if (value > this.reach) this.reach = value;
    this.buildRow();
  }

  /** Up to 16 numbers in full; above that a small heatmap that prints the signs and says the number on hover. */
  buildRow() {
    const { D } = this.run;
    this.dense = D > 16;
    const columns = this.dense ? 16 : Math.min(D, 8);
    const body = this.find(".space-row tbody");
    body.replaceChildren();
    body.parentElement.classList.toggle("dense", this.dense);
    for (let first = 0; first < D; first += columns) {
      const heads = this.dense ? null : body.insertRow();
      const values = body.insertRow();
      if (this.dense) values.append(cell("th", first, "row"));
      for (let d = first; d < Math.min(first + columns, D); d++) {
        heads?.append(cell("th", d, "col"));
        values.insertCell();
      }
    }
    this.cells = [...body.querySelectorAll("td")];
  }

  show(settled) {
    const { run, frame, root } = this;
    Object.assign(root.dataset, { step: run.steps[frame], frame, playing: this.player.playing });
    this.find(".space-note").textContent = this.note();
    this.showLoss();
    this.showRow();
    this.showNearest();
    const explain = this.find("[data-tool=explain]");
    explain.textContent = `Explain step ${run.steps[frame]}`;
    explain.disabled = run.steps[frame] === 0;
    explain.title = explain.disabled ? "At step 0 nothing has been learnt yet" : "";
    const summary = this.summary();
    this.find(".space-plot").setAttribute("aria-label", summary);
    if (!settled) return;
    this.find(".heard").textContent = summary;
    if (this.tools.table) this.fillTable();
  }

  note() {
    const { run, frame } = this;
    if (run.F === 1) return run.unfinished;
    const share = run.D === run.k ? "drawn without projection" : `${Math.round(100 * run.shown[frame])} % of the spread is on the page`;
    const chance = Math.round(run.V / Math.max(run.V - 1, 1));
    return `Axes fixed for the whole run · ${share} · ${run.kept[frame]} of ${run.V} nearest neighbours are the true ones (by chance about ${chance})`;
  }

  lossAt(step) {
    const value = this.run.losses[step];
    return Number.isFinite(value) ? short(value, 4) : "not measured";
  }

  showLoss() {
    const step = this.run.steps[this.frame];
    this.find(".space-loss").innerHTML = `Loss <span>${this.lossAt(step)}</span>`;
    this.loss.move(step);
    this.loss.element.setAttribute("aria-label", `Loss over the run; at step ${step}: ${this.lossAt(step)}`);
  }

  showRow() {
    const { run, frame, word } = this;
    const caption = this.find(".space-row caption");
    caption.textContent = `Row ${word}, ${run.words[word]}: ${run.D} numbers`;
    this.find(".space-id").textContent = `id ${word} · 1 × ${run.D}`;
    this.cells.forEach((box, d) => {
      const value = run.snapshots[(frame * run.V + word) * run.D + d];
      const tint = Math.round(60 * Math.min(1, Math.abs(value) / run.full || 0));
      box.textContent = this.dense ? signed(value)[0] : signed(value);
      if (this.dense) box.title = `dimension ${d}: ${signed(value)}`;
      box.style.background = `color-mix(in oklab, var(--${value < 0 ? "negative" : "positive"}) ${tint}%, var(--surface))`;
    });
  }

  showNearest() {
    const { run, frame, word } = this;
    const near = this.nearest[frame];
    this.find(".space-near caption").replaceChildren("Nearest ", cell("span", `in ${run.D === 1 ? "its 1 dimension" : `all ${run.D} dimensions`}`));
    const curves = near.map((other, rank) => ({ xs: run.steps, ys: this.far.get(other), stroke: this.groupColour(other), dash: DASHES[rank] }));
    this.find(".space-near tbody").replaceChildren(...near.map((other, rank) => {
      const row = document.createElement("tr");
      const name = cell("th", run.words[other], "row");
      const key = svg("svg", { width: 22, height: 8, "aria-hidden": true });
      svg("path", { d: "M0 4h22", style: `stroke:${curves[rank].stroke};stroke-width:2`, "stroke-dasharray": DASHES[rank] }, key);
      name.prepend(key);
      row.append(name, cell("td", short(distance(run, frame, word, other))), cell("td", signed(cosine(run, frame, word, other))));
      return row;
    }));
    const said = near.join();
    if (this.drawnCurves !== `${run.run} ${word} ${said}`) this.distances.build(curves, run.steps[run.F - 1], [0, this.reach || 1]);
    this.drawnCurves = `${run.run} ${word} ${said}`;
    this.distances.move(run.steps[frame]);
    this.distances.element.setAttribute("aria-label", `Distances from ${run.words[word]} to its nearest words over the run`);
  }

  summary() {
    const { run, frame, word } = this;
    const near = this.nearest[frame].map((other) => `${run.words[other]} (distance ${short(distance(run, frame, word, other))})`);
    return `${run.V} words in ${run.k} dimensions. Step ${run.steps[frame]} of ${run.steps[run.F - 1]}, loss ${this.lossAt(run.steps[frame])}. Nearest to ${run.words[word]}: ${near.join(", ")}.`;
  }

  fillChooser() {
    this.chooser.replaceChildren(...this.run.words.map((text, id) => new Option(text, id)));
  }

  groupColour(id) {
    const group = this.run.groupOf[id];
    return group < 0 || !this.tools.colours ? "var(--edge)" : `var(--group-${(group % GROUP_COLOURS) + 1})`;
  }

  shapeOf(group) {
    return SHAPES[(group + Math.floor(group / SHAPES.length)) % SHAPES.length];
  }

  fillLegend() {
    const list = this.find(".space-legend");
    list.style.visibility = this.tools.colours ? "" : "hidden";
    list.replaceChildren(...this.run.names.map((name, group) => {
      const item = document.createElement("li");
      item.innerHTML = `<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" fill="currentColor" style="color:var(--group-${(group % GROUP_COLOURS) + 1})">${GLYPHS[this.shapeOf(group)]}</svg>`;
      item.append(name);
      return item;
    }));
    this.drawnCurves = "";
    this.showNearest();
  }

  fillTable() {
    const { run, frame } = this;
    const place = this.find(".space-table");
    place.hidden = !this.tools.table;
    if (place.hidden) return;
    const table = document.createElement("table");
    const more = run.V > TABLE_ROWS ? `, first ${TABLE_ROWS} of ${run.V} rows` : "";
    table.createCaption().textContent = `Coordinates on the page at step ${run.steps[frame]}${more}`;
    table.createTHead().insertRow().append(...["id", "word", ...run.axes].map((title) => cell("th", title, "col")));
    const body = table.createTBody();
    for (let id = 0; id < Math.min(run.V, TABLE_ROWS); id++) {
      const at = (frame * run.V + id) * run.k;
      body.insertRow().append(cell("td", id), cell("th", run.words[id], "row"), ...[...run.coordinates.subarray(at, at + run.k)].map((value) => cell("td", signed(value))));
    }
    place.replaceChildren(table);
  }

  // -------------------------------------------------------------- the plot

  /** After every run of the script: redraw what is new, and nothing if nothing is. */
  refresh(fresh) {
    const palette = this.readPalette();
    const themed = JSON.stringify(palette) !== JSON.stringify(this.palette);
    this.palette = palette;
    if (!fresh && !themed && this.home) return;
    this.root.style.visibility = "";
    this.find(".space-wait").hidden = true;
    this.fillLegend();
    this.show(!this.player.playing);
    this.home = this.homeRanges();
    this.react();
    copyPlotlyStyle(this.root);
  }

  readPalette() {
    const probe = document.createElement("span");
    this.root.append(probe);
    const names = [...COLOURS, ...Array.from({ length: GROUP_COLOURS }, (_, at) => `group-${at + 1}`)];
    const palette = Object.fromEntries(names.map((name) => {
      probe.style.color = `var(--${name})`;
      return [name, getComputedStyle(probe).color];
    }));
    probe.remove();
    return palette;
  }

  /** The same number of units per pixel on every axis, room for all frames. */
  homeRanges() {
    const { bounds: box, k } = this.run;
    const room = k === 2 ? [this.plot.clientWidth - MARGIN.l - MARGIN.r, this.plot.clientHeight - MARGIN.t - MARGIN.b] : [1, 1, 1];
    const scale = Math.max(...box.map(([low, high], axis) => (1.14 * (high - low || 1)) / Math.max(room[axis], 1)));
    return box.map(([low, high], axis) => [(low + high - scale * room[axis]) / 2, (low + high + scale * room[axis]) / 2]);
  }

  moveTo(place) {
    const { run } = this;
    const first = Math.floor(place);
    const share = place - first;
    const a = first * run.V * run.k;
    const b = Math.min(first + 1, run.F - 1) * run.V * run.k;
    for (let axis = 0; axis < run.k; axis++) {
      for (let id = 0; id < run.V; id++) {
        const at = id * run.k + axis;
        this.now[axis][id] = run.coordinates[a + at] * (1 - share) + run.coordinates[b + at] * share;
      }
    }
  }

  /** Which words are labelled, most important first: the chosen one, its nearest, then by id. */
  labelled() {
    const first = [...new Set([this.word, ...this.nearest[this.frame], ...this.far.keys()])];
    const rest = Array.from({ length: this.run.V }, (_, id) => id).filter((id) => !first.includes(id));
    return [...first, ...rest].slice(0, LABELS[this.run.k]);
  }

  placeLabels(ids) {
    const solid = this.run.k === 3;
    const frame = solid ? null : [this.plot.clientWidth - MARGIN.l - MARGIN.r, this.plot.clientHeight - MARGIN.t - MARGIN.b];
    const points = solid ? this.onScreen3() : this.onScreen2();
    this.spots = placeLabels(points, ids, this.widths, { chosen: this.word, near: this.nearest[this.frame], old: this.spots, frame });
  }

  scales2() {
    const [xs, ys] = this.view ?? this.home;
    const across = (this.plot.clientWidth - MARGIN.l - MARGIN.r) / (xs[1] - xs[0]);
    const down = (this.plot.clientHeight - MARGIN.t - MARGIN.b) / (ys[1] - ys[0]);
    return [(x) => (x - xs[0]) * across, (y) => (ys[1] - y) * down];
  }

  /** Pixels from the upper left corner of the plot's frame. */
  onScreen2() {
    const [across, down] = this.scales2();
    const lost = [-1e5, -1e5]; // a run that has diverged
    return Array.from(this.now[0], (x, id) => (Number.isFinite(x + this.now[1][id]) ? [across(x), down(this.now[1][id])] : lost));
  }

  /** What the camera sees: the box has sides of 1 around the centre, the angle of view is 45 degrees. */
  onScreen3() {
    const { eye, center = { x: 0, y: 0, z: 0 }, up = { x: 0, y: 0, z: 1 } } = this.camera ?? CAMERA;
    const from = [eye.x, eye.y, eye.z];
    const ahead = unit([center.x - eye.x, center.y - eye.y, center.z - eye.z]);
    const right = unit(cross(ahead, [up.x, up.y, up.z]));
    const above = cross(right, ahead);
    const scale = this.plot.clientHeight / 2 / Math.tan(Math.PI / 8);
    return Array.from(this.now[0], (_, id) => {
      const point = this.home.map(([low, high], axis) => (this.now[axis][id] - low) / (high - low) - 0.5 - from[axis]);
      const depth = dot(point, ahead);
      return [(dot(point, right) / depth) * scale, (-dot(point, above) / depth) * scale];
    });
  }

  axesOf(ids) {
    const result = {};
    "xyz".slice(0, this.run.k).split("").forEach((name, axis) => (result[name] = ids.map((id) => (id === null ? null : this.now[axis][id]))));
    return result;
  }

  markersOf(ids) {
    const { run, palette, tools } = this;
    const colour = (id) => (run.groupOf[id] < 0 || !tools.colours ? palette.edge : palette[`group-${(run.groupOf[id] % GROUP_COLOURS) + 1}`]);
    const shape = (id) => (run.groupOf[id] < 0 || !tools.colours ? "circle" : this.shapeOf(run.groupOf[id]));
    const thin = (id) => ["cross", "x"].includes(shape(id));
    const size = run.k === 3 ? ids.map((id) => (thin(id) ? 15 : 10)) : run.V > 200 ? 6 : 9;
    return { color: ids.map(colour), symbol: ids.map(shape), size };
  }

  /** A label without a free spot is transparent: Plotly throws an empty label's node away for good. */
  textOf(ids) {
    const near = new Set(this.nearest[this.frame]);
    const { palette, word } = this;
    return {
      text: ids.map((id) => this.plotText(id)),
      textposition: ids.map((id) => this.spots.get(id)?.[0] ?? "top center"),
      colours: ids.map((id) => (!this.spots.has(id) ? "rgba(0,0,0,0)" : id === word ? palette.chosen : near.has(id) ? palette.ink : palette.muted)),
      hovertext: this.hoverOf(ids),
    };
  }

  plotText(id) {
    return (this.run.k === 3 ? solidText : escaped)(this.run.words[id]);
  }

  hoverOf(ids) {
    return ids.map((id) => `${escaped(this.run.words[id])} · id ${id}`);
  }

  linkIds() {
    return this.nearest[this.frame].flatMap((other) => [this.word, other, null]);
  }

  /** The way so far: [group ...] then the chosen word's own, thinned to at most 60 vertices each. */
  trails() {
    const { run, frame, word } = this;
    const many = run.V > LABELS[2];
    const shown = many ? this.nearest[frame] : Array.from({ length: run.V }, (_, id) => id).filter((id) => id !== word);
    const stride = Math.ceil(run.F / TRAIL_VERTICES);
    const frames = Array.from({ length: Math.ceil(frame / stride) }, (_, at) => at * stride).concat(frame);
    const path = (ids, axis) => ids.flatMap((id) => [...frames.map((at) => run.coordinates[(at * run.V + id) * run.k + axis]), null]);
    const sets = [...run.names.map((_, group) => shown.filter((id) => run.groupOf[id] === group)), [word]];
    return sets.map((ids) => (this.tools.trails ? [0, 1, 2].slice(0, run.k).map((axis) => path(ids, axis)) : Array(run.k).fill([])));
  }

  traces() {
    const { run, palette, tools } = this;
    const type = run.k === 3 ? "scatter3d" : "scatter";
    const names = ["x", "y", "z"].slice(0, run.k);
    const base = { type, showlegend: false, hoverinfo: "skip" };
    const trails = this.trails().map((axes, group) => {
      const own = group === run.names.length;
      const colour = own ? palette.chosen : tools.colours ? palette[`group-${(group % GROUP_COLOURS) + 1}`] : palette.edge;
      return { ...base, uid: `way${group}`, mode: "lines", opacity: own ? 0.9 : 0.35, line: { color: colour, width: own ? 2 : 1.2 }, ...Object.fromEntries(names.map((name, axis) => [name, axes[axis]])) };
    });
    const { text, textposition, colours, hovertext } = this.textOf(this.ids);
    const dot = { ...base, hoverinfo: "text", hoverlabel: { bgcolor: palette.raised, bordercolor: palette.edge, font: { color: palette.ink, size: 13 } } };
    const marker = (ids) => ({ opacity: run.V > 200 ? 0.8 : 1, line: { width: run.k === 3 || run.V > 200 ? 0 : 1, color: palette.surface }, ...this.markersOf(ids) });
    const ring = run.k === 3 ? { size: 14, symbol: "circle-open", color: palette.chosen, line: { width: 3, color: palette.chosen } } : { size: 16, color: "rgba(0,0,0,0)", line: { width: 2, color: palette.chosen } };
    return [
      ...trails,
      { ...base, uid: "links", mode: "lines", opacity: 0.55, line: { color: palette.chosen, width: run.k === 3 ? 2 : 1 }, ...this.axesOf(this.linkIds()) },
      { ...dot, uid: "rest", mode: "markers", hovertext: this.hoverOf(this.rest), customdata: this.rest, marker: marker(this.rest), ...this.axesOf(this.rest) },
      { ...dot, uid: "named", mode: "markers+text", hovertext, text, textposition, textfont: { size: 12, color: colours }, customdata: this.ids, marker: marker(this.ids), cliponaxis: true, ...this.axesOf(this.ids) },
      { ...base, uid: "ring", mode: "markers", marker: ring, ...this.axesOf([this.word]) },
    ];
  }

  layout() {
    const { run, palette } = this;
    const ranges = this.view ?? this.home;
    const axis = (at) => ({
      title: { text: escaped(run.axes[at]), standoff: 6, font: { size: 12, color: palette.muted } },
      range: [...ranges[at]], autorange: false, nticks: 7, tickfont: { size: 11, color: palette.muted },
      gridcolor: palette.line, zerolinecolor: palette.line, zerolinewidth: 2, showline: false, fixedrange: false,
    });
    const common = {
      margin: run.k === 3 ? { l: 0, r: 0, t: 0, b: 0 } : { ...MARGIN }, uirevision: "space", showlegend: false, hovermode: "closest",
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { family: getComputedStyle(this.root).fontFamily, color: palette.ink },
      width: this.plot.clientWidth, height: this.plot.clientHeight,
    };
    // A finger on the plot must still be able to scroll a phone's page.
    const finger = matchMedia("(pointer: coarse)").matches;
    if (run.k === 2) return { ...common, dragmode: finger ? false : "pan", xaxis: axis(0), yaxis: { ...axis(1), scaleanchor: "x", scaleratio: 1 } };
    const solid = (at) => ({ ...axis(at), range: [...this.home[at]], showbackground: false, showspikes: false, nticks: 5 });
    const scene = { xaxis: solid(0), yaxis: solid(1), zaxis: solid(2), aspectmode: "cube", dragmode: "turntable", camera: this.camera ?? CAMERA };
    return { ...common, scene };
  }

  /** All of it: new data, a new theme, another word or another tool. */
  react() {
    if (!this.home) return;
    this.endGliding();
    if (this.kind && this.kind !== this.run.k) this.forgetPlot();
    this.arrange(this.frame);
    this.Plotly.react(this.plot, this.traces(), this.layout(), { displayModeBar: false, scrollZoom: true, doubleClick: false, responsive: false });
    if (!this.kind) this.listen();
    this.kind = this.run.k;
  }

  forgetPlot() {
    this.Plotly.purge(this.plot);
    Object.assign(this, { kind: null, view: null, camera: null, home: this.homeRanges() });
    this.markView();
  }

  arrange(place) {
    this.moveTo(place);
    this.ids = this.labelled();
    const set = new Set(this.ids);
    this.rest = Array.from({ length: this.run.V }, (_, id) => id).filter((id) => !set.has(id));
    this.placeLabels(this.ids);
  }

  /** Only positions between frames; at a whole frame also labels, links and trails. */
  drawPoints(place, whole) {
    if (!this.kind) return;
    if (whole) this.arrange(place);
    else this.moveTo(place);
    const first = this.run.names.length + 1;
    const parts = [this.linkIds(), this.rest, this.ids, [this.word]].map((ids) => this.axesOf(ids));
    const update = {};
    for (const name of "xyz".slice(0, this.run.k)) update[name] = parts.map((part) => part[name]);
    const traces = [first, first + 1, first + 2, first + 3];
    if (whole) this.addFrameParts(update, traces);
    return this.Plotly.restyle(this.plot, update, traces);
  }

  addFrameParts(update, traces) {
    const { text, textposition, colours, hovertext } = this.textOf(this.ids);
    const same = (value) => [undefined, undefined, value, undefined];
    Object.assign(update, { text: same(text), textposition: same(textposition), "textfont.color": same(colours) });
    update.hovertext = [undefined, this.hoverOf(this.rest), hovertext, undefined];
    update.customdata = [undefined, this.rest, this.ids, undefined];
    const [rest, shown] = [this.markersOf(this.rest), this.markersOf(this.ids)];
    for (const name of ["color", "symbol", "size"]) update[`marker.${name}`] = [undefined, rest[name], shown[name], undefined];
    if (!this.tools.trails) return;
    const trails = this.trails();
    trails.forEach((_, at) => traces.unshift(trails.length - 1 - at));
    for (const values of Object.values(update)) values.unshift(...trails.map(() => undefined));
    "xyz".slice(0, this.run.k).split("").forEach((name, axis) => trails.forEach((axes, at) => (update[name][at] = axes[axis])));
  }

  // -------------------------------------------------------------- the learner's view

  listen() {
    this.plot.on("plotly_click", ({ points }) => this.pressedWhileGliding || this.choose(points[0].customdata));
    this.plot.on("plotly_doubleclick", () => this.resetView());
    this.plot.on("plotly_relayout", (change) => this.viewChanged(change));
  }

  viewChanged(change) {
    if (this.fitting) return;
    if (change["scene.camera"]) this.camera = change["scene.camera"];
    else if (!Object.keys(change).some((name) => name.includes("axis"))) return;
    else this.view = [[...this.plot.layout.xaxis.range], [...this.plot.layout.yaxis.range]];
    this.markView();
    this.redraw();
  }

  /** The view has changed; a running player draws by itself, from new nodes. */
  redraw() {
    this.endGliding();
    if (!this.player.playing) this.drawPoints(this.frame, true);
  }

  markView() {
    this.find("[data-tool=reset]").hidden = !(this.view || this.camera);
  }

  async relayout(change) {
    this.fitting = true;
    await this.Plotly.relayout(this.plot, change);
    this.fitting = false;
  }

  resetView() {
    Object.assign(this, { view: null, camera: null, spots: new Map() });
    this.markView();
    const { run, home } = this;
    const change = run.k === 2 ? { "xaxis.range": [...home[0]], "yaxis.range": [...home[1]] } : { "scene.camera": CAMERA };
    this.relayout(change).then(() => this.redraw());
  }

  fit() {
    if (!this.kind || !this.plot.clientWidth) return;
    this.home = this.homeRanges();
    const size = { width: this.plot.clientWidth, height: this.plot.clientHeight };
    const ranges = this.run.k === 2 && !this.view ? { "xaxis.range": [...this.home[0]], "yaxis.range": [...this.home[1]] } : {};
    this.relayout({ ...size, ...ranges }).then(() => this.redraw());
  }

  remove() {
    this.player.pause();
    this.watcher.disconnect();
    if (this.kind) this.Plotly.purge(this.plot);
    this.root.remove();
  }
}

export default function draw({ parentElement, data, setStateValue }) {
  parentElement.__space ??= new Space(parentElement);
  const space = parentElement.__space;
  space.receive(data, setStateValue);
  return () => {
    if (parentElement.__space !== space) return;
    space.remove();
    delete parentElement.__space;
  };
}
