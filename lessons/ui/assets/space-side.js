// What stands around the plot: the legend, the note on how true the picture is, and beside it the loss, the chosen
// word's row, its nearest words and how far away they were over the run.
import { LineChart, svg } from "./charts.js";
import { short, signed } from "./numbers.js";
import { cosine, nearestTo, placeOf, rowOf } from "./space-data.js";
import { colourOf, legendItem } from "./space-marks.js";

const DASHES = ["", "7 3", "2 3", "9 3 2 3", "4 2"];
const LOSS_VERTICES = 600;
const TABLE_ROWS = 60;

function cell(tag, text, scope) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (scope) element.scope = scope;
  return element;
}

export class Side {
  constructor(space) {
    this.space = space;
    this.find = space.find;
    const seek = (step) => space.run.F > 1 && space.player.set(step);
    this.loss = new LineChart(this.find(".space-loss-chart"), seek);
    this.distances = new LineChart(this.find(".space-far-chart"), seek);
  }

  takeRun(run) {
    this.find(".chooser select").replaceChildren(...run.words.map((text, id) => new Option(text, id)));
    this.find(".space-legend").replaceChildren(...run.names.map(legendItem));
    this.drawLoss(run);
  }

  drawLoss({ losses, steps, F }) {
    const measured = Array.from(losses.keys()).filter((x) => Number.isFinite(losses[x]));
    const stride = Math.ceil(measured.length / LOSS_VERTICES) || 1;
    const xs = measured.filter((_, at) => at % stride === 0);
    const ys = xs.map((x) => losses[x]);
    const range = ys.length ? [Math.min(...ys), Math.max(...ys)] : [0, 1];
    this.loss.draw([{ xs, ys, stroke: "var(--ink)" }], steps[F - 1], range);
  }

  /** The table of the chosen word's row. Above 16 numbers it prints the signs only and says a number on hover. */
  takeWord() {
    const { run, word } = this.space;
    this.find(".chooser select").value = word;
    this.find(".space-id").textContent = `id ${word} · 1 × ${run.D}`;
    this.find(".space-row caption").textContent = `Row ${word}, ${run.words[word]}: ${run.D} numbers`;
    this.dense = run.D > 16;
    const columns = this.dense ? 16 : 8;
    this.find(".space-row").classList.toggle("dense", this.dense);
    this.find(".space-row tbody").replaceChildren();
    for (let first = 0; first < run.D; first += columns) this.addRow(first, Math.min(first + columns, run.D));
    this.cells = [...this.space.root.querySelectorAll(".space-row td")];
  }

  addRow(first, end) {
    const body = this.find(".space-row tbody");
    const heads = body.insertRow();
    const values = this.dense ? heads : body.insertRow();
    if (this.dense) heads.append(cell("th", first, "row"));
    for (let d = first; d < end; d++) {
      if (!this.dense) heads.append(cell("th", d, "col"));
      values.insertCell();
    }
  }

  // ---------------------------------------------------------------- after every step

  /** settled: the learner has stopped here, so that screen readers are told and the table is written. */
  show(settled) {
    const summary = this.summary();
    this.find(".space-legend").style.visibility = this.space.tools.colours ? "" : "hidden";
    this.find(".space-note").textContent = this.note();
    this.find(".space-plot").setAttribute("aria-label", summary);
    this.showLoss();
    this.showRow();
    this.showNearest();
    this.showDistances();
    this.showExplain();
    if (!settled) return;
    this.find("[aria-live]").textContent = summary;
    this.showTable();
  }

  note() {
    const { run, frame } = this.space;
    if (run.F === 1) return run.unfinished;
    const percent = `${Math.round(100 * run.shown[frame])}% of the spread is on the page`;
    const share = run.D === run.k ? "drawn without projection" : percent;
    const chance = Math.round(run.V / Math.max(run.V - 1, 1));
    const kept = `${run.kept[frame]} of ${run.V} nearest neighbours are the true ones (by chance about ${chance})`;
    return `${run.note} · ${share} · ${kept}`;
  }

  summary() {
    const { run, word, step, nearest } = this.space;
    const near = nearest().map(({ id, far }) => `${run.words[id]} (distance ${short(far)})`).join(", ");
    const place = `Step ${step()} of ${run.steps[run.F - 1]}, loss ${this.lossNow()}`;
    return `${run.V} rows of the table on ${run.k} axes. ${place}. Nearest to ${run.words[word]}: ${near}.`;
  }

  lossNow() {
    const value = this.space.run.losses[this.space.step()];
    return Number.isFinite(value) ? short(value, 4) : "not measured";
  }

  showLoss() {
    const step = this.space.step();
    this.find(".space-loss").textContent = this.lossNow();
    this.loss.moveCursor(step, `Loss over the run; at step ${step}: ${this.lossNow()}`);
  }

  showRow() {
    const { run, frame, word } = this.space;
    rowOf(run, frame, word).forEach((value, d) => {
      const tint = Math.round(60 * Math.min(1, Math.abs(value) / run.large || 0));
      const box = this.cells[d];
      box.textContent = this.dense ? signed(value)[0] : signed(value);
      box.title = this.dense ? `dimension ${d}: ${signed(value)}` : "";
      const colour = value < 0 ? "negative" : "positive";
      box.style.background = `color-mix(in oklab, var(--${colour}) ${tint}%, var(--surface))`;
    });
  }

  showNearest() {
    const { D } = this.space.run;
    this.find(".space-near caption span").textContent = D === 1 ? "in its 1 dimension" : `in all ${D} dimensions`;
    const rows = this.space.nearest().map((found, rank) => this.nearRow(found, rank));
    this.find(".space-near tbody").replaceChildren(...rows);
  }

  nearRow({ id, far }, rank) {
    const { run, frame, word } = this.space;
    const row = document.createElement("tr");
    const name = cell("th", run.words[id], "row");
    const key = svg("svg", { width: 22, height: 8, "aria-hidden": true });
    const style = `stroke:var(--${colourOf(this.space, id)});stroke-width:2`;
    svg("path", { d: "M0 4h22", style, "stroke-dasharray": DASHES[rank] }, key);
    name.prepend(key);
    const angle = cosine(rowOf(run, frame, word), rowOf(run, frame, id));
    row.append(name, cell("td", short(far)), cell("td", signed(angle)));
    return row;
  }

  showDistances() {
    const { run, word, far, reach, nearest, step } = this.space;
    const curves = nearest().map(({ id }, rank) => ({
      xs: run.steps, ys: far.map((row) => row[id]), stroke: `var(--${colourOf(this.space, id)})`, dash: DASHES[rank],
    }));
    this.distances.draw(curves, run.steps[run.F - 1], [0, reach || 1]);
    this.distances.moveCursor(step(), `Distances from ${run.words[word]} to its nearest words over the run`);
  }

  showExplain() {
    const step = this.space.step();
    const button = this.find("[data-tool=explain]");
    button.textContent = `Explain step ${step}`;
    button.disabled = step === 0;
    button.title = step === 0 ? "At step 0 nothing has been learnt yet" : "";
  }

  showTable() {
    const { run, frame, tools, step } = this.space;
    const place = this.find(".space-table");
    place.hidden = !tools.table;
    if (place.hidden) return;
    const table = document.createElement("table");
    const more = run.V > TABLE_ROWS ? `, first ${TABLE_ROWS} of ${run.V} rows` : "";
    table.createCaption().textContent = `Coordinates on the page at step ${step()}${more}`;
    const grouped = run.names.length > 0;
    const head = ["id", "word", ...(grouped ? ["group"] : []), ...run.axes, `nearest in all ${run.D}`];
    table.createTHead().insertRow().append(...head.map((title) => cell("th", title, "col")));
    const body = table.createTBody();
    for (const id of run.ids.slice(0, TABLE_ROWS)) {
      const numbers = Array.from(placeOf(run, frame, id), (value) => cell("td", signed(value)));
      const group = grouped ? [cell("td", run.groups[id] || "–")] : [];
      const nearest = cell("td", run.words[nearestTo(run, frame, id)] ?? "–");
      body.insertRow().append(cell("td", id), cell("th", run.words[id], "row"), ...group, ...numbers, nearest);
    }
    place.replaceChildren(table);
  }
}
