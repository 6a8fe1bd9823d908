// Small line charts, drawn as SVG: the loss, and the distances to the nearest words. A chart has a cursor at the
// step on the screen, and a press on it goes to another one.
import { niceTicks, withMinus } from "./numbers.js";

const WIDTH = 280;
const HEIGHT = 96;
const [LEFT, RIGHT, TOP, BOTTOM] = [34, 276, 6, HEIGHT - 18];

export function svg(name, attributes, parent) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent?.append(element);
  return element;
}

/** The `d` of a path through points [x, y]; null lifts the pen. */
export function pathOf(points) {
  let pen = "M";
  const draw = (point) => {
    const part = point ? `${pen}${point[0].toFixed(1)} ${point[1].toFixed(1)}` : "";
    pen = point ? "L" : "M";
    return part;
  };
  return points.map(draw).join("");
}

export class LineChart {
  /** seek(x) is called when the chart is pressed. */
  constructor(parent, seek) {
    this.element = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "space-chart seek", role: "img" }, parent);
    this.element.addEventListener("pointerdown", (event) => seek(this.xAt(event)));
  }

  xAt(event) {
    const box = this.element.getBoundingClientRect();
    const share = (((event.clientX - box.left) / box.width) * WIDTH - LEFT) / (RIGHT - LEFT);
    return Math.max(0, Math.min(1, share)) * this.last;
  }

  across(x) {
    return LEFT + ((RIGHT - LEFT) * x) / this.last;
  }

  /** curves: [{xs, ys, stroke, dash}]; x runs from 0 to `last`, y over `range`; a y that is not finite is a gap. */
  draw(curves, last, [low, high]) {
    this.last = last || 1;
    const down = (y) => BOTTOM - ((BOTTOM - TOP) * (y - low)) / (high - low || 1);
    this.element.replaceChildren();
    for (const tick of niceTicks(low, high, 3)) {
      svg("line", { class: "grid", x1: LEFT, x2: RIGHT, y1: down(tick), y2: down(tick) }, this.element);
      this.write(withMinus(String(tick)), { x: LEFT - 6, y: down(tick) + 4, "text-anchor": "end" });
    }
    for (const tick of niceTicks(0, this.last, 3).filter(Number.isInteger))
      this.write(tick, { x: this.across(tick), y: HEIGHT - 3, "text-anchor": "middle" });
    for (const { xs, ys, stroke, dash = "" } of curves) {
      const d = pathOf(Array.from(ys, (y, at) => (Number.isFinite(y) ? [this.across(xs[at]), down(y)] : null)));
      svg("path", { class: "curve", d, style: `stroke:${stroke}`, "stroke-dasharray": dash }, this.element);
    }
    this.cursor = svg("line", { class: "cursor", y1: TOP - 4, y2: BOTTOM + 4 }, this.element);
  }

  write(text, attributes) {
    svg("text", attributes, this.element).textContent = text;
  }

  moveCursor(x, label) {
    this.cursor.setAttribute("x1", this.across(x));
    this.cursor.setAttribute("x2", this.across(x));
    this.element.setAttribute("aria-label", label);
  }
}
