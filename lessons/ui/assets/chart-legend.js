// The legend of a chart, and the names, colours and dashes by which it tells layers apart.
import { svg } from "./charts.js";
import { hollowItem, legendItem } from "./space-marks.js";

const DASHES = ["", "7 3", "2 3", "9 3 2 3", "4 2", "12 4"];
const NARROW = 480; // pixels: below it curves are named in the legend

export const curvesOf = ({ data }) => data.layers.filter(({ kind }) => kind === "line");
export const groupsOf = ({ data }) => {
  const coloured = data.layers.filter(({ kind, coloured }) => kind === "points" && coloured);
  return [...new Set(coloured.flatMap(({ groups }) => groups))].filter((group) => group);
};
export const colourName = (place) => `group-${(place % 6) + 1}`;
export const dashOf = (curve, place) => curve.dash || DASHES[place % DASHES.length];
export const namedAtEnd = (chart) => curvesOf(chart).length > 0 && chart.width >= NARROW;

function sampleItem(name, colour, dash) {
  const item = document.createElement("li");
  const sample = svg("svg", { width: 26, height: 8, "aria-hidden": true }, item);
  svg("path", { d: "M0 4h26", style: `stroke:var(--${colour});stroke-width:2`, "stroke-dasharray": dash }, sample);
  item.append(name);
  return item;
}

/** Groups of words, what hollow markers mean, curves that are not named at their end, thin lines. */
export function legend(chart) {
  const curves = namedAtEnd(chart) ? [] : curvesOf(chart);
  const hollow = new Set(chart.data.layers.map((layer) => layer.hollow).filter(Boolean));
  const lines = chart.data.layers.filter(({ kind, name }) => kind === "lines" && name);
  return [
    ...groupsOf(chart).map(legendItem),
    ...[...hollow].map(hollowItem),
    ...curves.map((curve, place) => sampleItem(curve.name, colourName(place), dashOf(curve, place))),
    ...lines.map(({ name }) => sampleItem(name, "chosen", "")),
  ];
}
