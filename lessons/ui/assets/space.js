// The evolving space: a table's rows on fixed axes over a whole training run. This module is the component: what it
// is made of, its state (run, frame, chosen word, tools), and who may change it: Python, the controls, the learner.
// The run arrives once; everything else happens in the browser, and only "Explain" goes back to Python.
import { calmMotion, controls } from "./controls.js";
import { addressWriter } from "./link.js";
import { loadPlotly } from "./plotly-host.js";
import { loadStyle } from "./style.js";
import { headerOf, neighboursOf, runOf } from "./space-data.js";
import { Plot } from "./space-plot.js";
import { Side } from "./space-side.js";

const RUN_TIME = 12000; // milliseconds that a whole run takes to play, within the limits of an interval
const [SHORTEST, LONGEST] = [80, 500];
const lastToken = new Map(); // a player that is mounted again must not start again

const MARKUP = `
<div class="space-layout">
  <div class="space-main">
    <ul class="space-legend" aria-label="Groups of words"></ul>
    <div class="space-plot" role="figure">
      <div class="space-wait">Loading the plot …</div>
      <div class="space-canvas"></div>
    </div>
    <div class="space-controls"></div>
    <p class="space-note"></p>
    <div class="space-tools">
      <button type="button" class="tool" data-tool="trails" aria-pressed="false">Trails</button>
      <button type="button" class="tool" data-tool="colours" aria-pressed="true">Colours</button>
      <button type="button" class="tool" data-tool="table" aria-pressed="false">Table</button>
      <button type="button" class="tool" data-tool="reset" hidden>Reset view</button>
      <button type="button" class="tool" data-tool="explain"></button>
    </div>
    <div class="space-table" tabindex="0" role="region" aria-label="Coordinates" hidden></div>
  </div>
  <div class="space-side">
    <section class="space-loss-chart"><h2>Loss <span class="space-loss"></span></h2></section>
    <section>
      <label class="chooser"><span>Word</span><select></select><span class="space-id"></span></label>
      <table class="space-row"><caption class="heard"></caption><tbody></tbody></table>
    </section>
    <section>
      <table class="space-near">
        <caption>Nearest <span></span></caption>
        <thead><tr><th scope="col">word</th><th scope="col">distance</th><th scope="col">cosine</th></tr></thead>
        <tbody></tbody>
      </table>
    </section>
    <section class="space-far-chart"><h2>Distance to these <span>over the run</span></h2></section>
  </div>
</div>
<p class="heard" aria-live="polite"></p>`;

class Space {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.className = "space";
    this.root.innerHTML = MARKUP;
    this.root.style.visibility = "hidden"; // until its style is there; its place says that the plot is coming
    this.root.dataset.runs = 0;
    this.root.__space = this; // for tests
    this.find = (selector) => this.root.querySelector(selector);
    const styled = loadStyle(parent).then(() => (this.root.style.visibility = ""));
    this.ready = Promise.all([styled, loadPlotly()]);
    parent.append(this.root);
    Object.assign(this, { frame: 0, word: 0, tools: { trails: false, colours: true, table: false } });
    Object.assign(this, { asked: {}, written: {}, setAddress: addressWriter() });
    this.side = new Side(this);
    this.plot = new Plot(this);
    this.addControls();
  }

  addControls() {
    const onStep = (_, { settled }) => this.stepped(settled);
    const onGlide = (time) => this.plot.glide(time);
    this.player = controls({ steps: [0], label: "Training step", noun: "step", onStep, onGlide });
    this.find(".space-controls").append(this.player.element);
    this.find(".chooser select").addEventListener("change", ({ target }) => this.choose(Number(target.value)));
    for (const tool of this.root.querySelectorAll("[data-tool]"))
      tool.addEventListener("click", () => this.useTool(tool.dataset.tool));
  }

  // ---------------------------------------------------------------- the state

  /** The training step on the screen. */
  step = () => this.run.steps[this.frame];

  /** The words nearest to the chosen one, and how far away they are now. */
  nearest = () => this.near[this.frame].map((id) => ({ id, far: this.far[this.frame][id] }));

  /** Whether points are moving between frames. */
  get gliding() {
    return this.player.playing && !calmMotion();
  }

  setWord(word) {
    this.word = word;
    Object.assign(this, neighboursOf(this.run, word));
    this.side.takeWord();
  }

  /** The id of a word; of the first that is not a reserved row if there is no such word. */
  idOf(word) {
    const id = this.run.words.indexOf(word);
    return id >= 0 ? id : Math.max(0, this.run.groups.findIndex((group) => group));
  }

  // ---------------------------------------------------------------- what Python says

  receive(bytes, setStateValue) {
    const header = headerOf(bytes);
    const news = this.newsIn(header);
    this.explain = () => setStateValue("explain", this.step());
    this.root.dataset.runs = Number(this.root.dataset.runs) + 1;
    this.find("[data-tool=explain]").hidden = !header.explain;
    for (const tool of ["trails", "colours"]) if (news[tool] !== undefined) this.press(tool, news[tool]);
    if (this.run?.id !== header.id) this.takeRun(runOf(bytes, header), news);
    else this.goTo(news);
    this.ready.then(() => this.refresh(), (problem) => this.fail(problem)).then(() => this.startIfAsked(header));
  }

  /** What Python did not ask for before. What the learner's own choice put into the address is no news. */
  newsIn({ step, word, trails, colours }) {
    const asked = { step, word, trails, colours };
    const isNews = ([name, value]) => this.asked[name] !== value && String(this.written[name]) !== String(value);
    const news = Object.fromEntries(Object.entries(asked).filter(isNews));
    this.asked = asked;
    return news;
  }

  takeRun(run, news) {
    const word = news.word || this.run?.words[this.word];
    const step = news.step ?? (this.run ? this.step() : 0);
    const interval = Math.max(SHORTEST, Math.min(LONGEST, RUN_TIME / run.F));
    this.run = run;
    this.player.update({ steps: run.steps, step, interval });
    this.frame = this.player.place;
    this.side.takeRun(run);
    this.plot.takeRun(run);
    this.setWord(this.idOf(word));
  }

  goTo({ step, word }) {
    if (step !== undefined) this.player.set(step);
    if (word !== undefined) this.setWord(this.idOf(word));
  }

  refresh() {
    this.find(".space-wait").hidden = true;
    this.show(!this.player.playing);
    this.plot.refresh();
  }

  fail(problem) {
    this.root.style.visibility = "";
    this.find(".space-wait").textContent = `Sorry: ${problem.message}. The numbers beside it are right.`;
    this.show(true);
  }

  startIfAsked({ token, key }) {
    if (token <= (lastToken.get(key) ?? 0)) return;
    lastToken.set(key, token);
    if (calmMotion()) return this.player.set(this.run.steps.at(-1)); // who wants no motion sees the end
    this.player.pause();
    this.player.update({ step: this.run.steps[0] });
    this.player.play();
  }

  // ---------------------------------------------------------------- what the learner does

  stepped(settled) {
    this.frame = this.player.place;
    if (this.gliding) this.plot.stale = true;
    else this.plot.draw();
    this.show(settled);
    if (settled) this.remember();
  }

  choose(word) {
    this.setWord(word);
    this.show(!this.player.playing);
    this.plot.redraw();
    if (!this.player.playing) this.remember();
  }

  useTool(name) {
    if (name === "reset") return this.plot.resetView();
    if (name === "explain") return this.explain();
    this.press(name, !this.tools[name]);
    this.show(true);
    this.plot.redraw();
  }

  press(name, on) {
    this.tools[name] = on;
    this.find(`[data-tool=${name}]`).setAttribute("aria-pressed", on);
  }

  show(settled) {
    Object.assign(this.root.dataset, { step: this.step(), frame: this.frame, playing: this.player.playing });
    this.side.show(settled);
  }

  /** The place is kept in the address, so that a link or a reload comes back to it; Python is not told. */
  remember() {
    this.written = { step: this.step(), word: this.run.words[this.word] };
    this.setAddress(this.written);
  }

  remove() {
    this.player.pause();
    this.plot.remove();
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
