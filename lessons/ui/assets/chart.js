// The chart of the lessons: a name, a legend, the plot, and its numbers as a table behind a toggle. Python sends layers
// (lessons/ui/chart.py); Plotly draws them anew when they change, and the learner's zoom stays.
import { layout, traces } from "./chart-figure.js";
import { legend } from "./chart-legend.js";
import { boundsOf, rangesOf } from "./chart-room.js";
import { tablesOf } from "./chart-table.js";
import { copyPlotlyStyle, loadPlotly, readPalette, watchTheme } from "./plotly-host.js";
import { loadStyle } from "./style.js";

const OPTIONS = { displayModeBar: false, scrollZoom: false, doubleClick: false, responsive: false };
const MARKUP = `
<figure class="chart" role="figure">
  <figcaption><span class="chart-name"></span><button type="button" class="tool" hidden>Reset view</button></figcaption>
  <div class="chart-canvas" aria-hidden="true"></div>
  <ul class="space-legend" aria-label="Legend"></ul>
  <details class="chart-table"><summary>Table</summary>
    <div class="space-table" tabindex="0" role="region"></div></details>
</figure>`;

class Chart {
  constructor(parent) {
    this.root = document.createElement("div");
    this.root.innerHTML = MARKUP;
    this.find = (selector) => this.root.querySelector(selector);
    this.figure = this.find("figure");
    this.element = this.find(".chart-canvas");
    Object.assign(this, { view: null, spots: new Map(), drawn: false, text: "" });
    this.find("button").addEventListener("click", () => this.setView(null));
    this.ready = Promise.all([loadStyle(parent), loadPlotly()]);
    parent.append(this.root);
    watchTheme(this.figure, () => this.refresh());
    this.watcher = new ResizeObserver(() => this.draw());
    this.watcher.observe(this.element);
    this.ready.then(() => this.refresh(), (problem) => this.fail(problem));
  }

  receive(text) {
    if (text === this.text) return;
    this.text = text;
    this.data = JSON.parse(text);
    this.figure.setAttribute("aria-label", this.data.alt);
    this.find(".chart-name").textContent = this.data.name;
    this.find(".space-table").setAttribute("aria-label", `Numbers: ${this.data.name}`);
    this.find(".space-table").replaceChildren(...tablesOf(this.data.tables));
    this.element.style.height = `${this.data.height}px`;
    this.bounds = boundsOf(this.data);
    this.draw();
  }

  /** Plotly is there, or the theme has changed. */
  refresh() {
    this.palette = readPalette(this.root);
    this.draw();
  }

  fail(problem) {
    this.element.textContent = `Sorry: ${problem.message}. The numbers are in the table.`;
  }

  draw() {
    if (!this.palette || !this.data || !this.element.clientWidth) return;
    this.width = this.element.clientWidth;
    this.height = this.element.clientHeight;
    this.find(".space-legend").replaceChildren(...legend(this));
    const drawing = layout(this);
    Plotly.react(this.element, traces(this), drawing, OPTIONS);
    if (!this.drawn) this.listen();
    this.drawn = true;
    copyPlotlyStyle(this.element);
    this.figure.dataset.drawn = Number(this.figure.dataset.drawn ?? 0) + 1;
  }

  /** What is to be seen of each axis, for a frame of this size in pixels. */
  rangesIn(size) {
    return this.view ?? rangesOf(this.data, this.bounds, size);
  }

  listen() {
    this.element.on("plotly_relayout", (change) => {
      if (!Object.keys(change).some((name) => name.includes("axis"))) return;
      const { xaxis, yaxis } = this.element.layout;
      this.setView([[...xaxis.range], [...yaxis.range]]);
    });
    this.element.on("plotly_doubleclick", () => this.setView(null));
  }

  setView(view) {
    this.view = view;
    this.find("button").hidden = !view;
    this.draw();
  }

  remove() {
    this.watcher.disconnect();
    if (this.drawn) Plotly.purge(this.element);
    this.root.remove();
  }
}

export default function draw({ data, parentElement }) {
  parentElement.__chart ??= new Chart(parentElement);
  const chart = parentElement.__chart;
  chart.receive(new TextDecoder().decode(data));
  return () => {
    if (parentElement.__chart !== chart) return;
    chart.remove();
    delete parentElement.__chart;
  };
}
