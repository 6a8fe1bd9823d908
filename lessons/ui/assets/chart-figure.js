// What Plotly is asked to draw for the layers of a chart.
import { colourName, curvesOf, dashOf, groupsOf, namedAtEnd } from "./chart-legend.js";
import { colourOf, hollow, shapeOf } from "./space-marks.js";
import { placeLabels, textWidths } from "./space-labels.js";
import { flatScreen } from "./space-screen.js";

const NOTHING = "rgba(0,0,0,0)";
const SHAPES = ["circle", "square", "diamond", "cross", "square-open", "diamond-open"];
const MARKER = 9;
const FEW = 24; // points of a curve that get a marker each
const LINE_HEIGHT = 15;

// ---------------------------------------------------------------- traces

export function traces(chart) {
  const spots = labelSpots(chart);
  const curves = curvesOf(chart);
  let label = 0; // labels are placed for all layers together
  return chart.data.layers.flatMap((layer) => {
    const first = label;
    label += (layer.words ?? layer.names ?? []).length;
    if (layer.kind === "points") return [pointsTrace(chart, layer, first, spots)];
    if (layer.kind === "line") return [curveTrace(chart, layer, curves.indexOf(layer))];
    if (layer.kind === "lines") return [segmentsTrace(chart, layer)];
    return arrowTraces(chart, layer, first, spots);
  });
}

/** What can carry a label: [text, [x, y]], in the order of the layers. */
function labelled({ data }) {
  return data.layers.flatMap((layer) => {
    if (layer.kind === "points") return layer.words.map((word, id) => [word, layer.at[id]]);
    return layer.kind === "arrows" ? layer.names.map((name, id) => [name, layer.to[id]]) : [];
  });
}

/** What labels had better not cover besides: the arrows, three places on each. */
function shafts({ data }) {
  const along = ({ from, to }) => from.flatMap(([x, y], at) => [0, 0.4, 0.7].map((share) => [
    "", [x + share * (to[at][0] - x), y + share * (to[at][1] - y)],
  ]));
  return data.layers.filter(({ kind }) => kind === "arrows").flatMap(along);
}

function labelSpots(chart) {
  const { element, ranges, size } = chart;
  const marks = [...labelled(chart), ...shafts(chart)];
  const widths = textWidths(marks.map(([text]) => text), getComputedStyle(element).fontFamily);
  const points = marks.map(([, place]) => flatScreen(ranges, size)(place));
  const inside = ([x, y]) => x >= 0 && y >= 0 && x <= size[0] && y <= size[1];
  const ids = marks.map((_, id) => id).filter((id) => marks[id][0] && inside(points[id]));
  chart.spots = placeLabels({ ids, points, widths, certain: 0, old: chart.spots, size });
  return chart.spots;
}

function labelsOf({ palette }, texts, first, spots) {
  const spot = (at) => spots.get(first + at);
  return {
    mode: "markers+text",
    text: texts.map((text, at) => (spot(at) ? text : "")),
    textposition: texts.map((_, at) => spot(at)?.position ?? "top center"),
    textfont: { size: 12, color: palette.ink },
  };
}

const axesOf = (places) => ({ x: places.map((place) => place?.[0] ?? null), y: places.map((place) => place?.[1] ?? null) });

function hover({ palette }, texts) {
  const font = { color: palette.ink, size: 13 };
  return { hoverinfo: "text", hovertext: texts, hoverlabel: { bgcolor: palette.raised, bordercolor: palette.edge, font } };
}

function pointsTrace(chart, layer, first, spots) {
  const names = groupsOf(chart);
  const groupOf = layer.groups.map((group) => names.indexOf(group));
  const marked = { run: { groupOf }, tools: { colours: layer.coloured } };
  const ids = layer.words.map((_, id) => id);
  const shapes = ids.map((id) => shapeOf(marked, id)).map((shape) => (layer.hollow ? hollow(shape) : shape));
  return {
    type: "scatter", ...axesOf(layer.at), ...labelsOf(chart, layer.words, first, spots),
    ...hover(chart, layer.words),
    marker: {
      color: ids.map((id) => chart.palette[colourOf(marked, id)]),
      symbol: shapes,
      size: layer.sizes ?? MARKER,
      line: { width: shapes.map((shape) => (shape.endsWith("open") ? 2 : 1)), color: chart.palette.surface },
    },
  };
}

function curveTrace(chart, curve, place) {
  const color = chart.palette[colourName(place)];
  const few = curve.x.length <= FEW;
  const dash = dashOf(curve, place).split(" ").filter(Boolean).map((part) => `${part}px`).join(",") || "solid";
  return {
    type: "scatter", mode: few ? "lines+markers" : "lines", x: curve.x, y: curve.y, name: curve.name,
    line: { color, width: 2, dash }, marker: { color, size: 7, symbol: SHAPES[place % SHAPES.length] },
    ...hover(chart, curve.name), hoverinfo: "x+y+name", hovertext: undefined,
  };
}

function segmentsTrace({ palette }, { from, to }) {
  const places = from.flatMap((start, at) => [start, to[at], null]);
  const line = { color: palette.chosen, width: 1.4 };
  return { type: "scatter", mode: "lines", hoverinfo: "skip", line, opacity: 0.7, ...axesOf(places) };
}

/** A dot where each arrow that has a length begins, and its name where it ends; the arrows are annotations. */
function arrowTraces(chart, layer, first, spots) {
  const { palette } = chart;
  const start = { size: 6, color: palette.surface, line: { width: 1.5, color: palette.muted } };
  const end = { size: 8, color: NOTHING };
  return [
    { type: "scatter", mode: "markers", hoverinfo: "skip", marker: start, ...axesOf(moved(layer).map(([from]) => from)) },
    { type: "scatter", marker: end, ...axesOf(layer.to), ...labelsOf(chart, layer.names, first, spots), ...hover(chart, layer.names) },
  ];
}

// ---------------------------------------------------------------- axes, arrows, names

/** Margins, ranges and the size of the frame are set on the chart: labels are placed with them. */
export function layout(chart) {
  const { data, width, height, palette, element } = chart;
  const [family, names] = [getComputedStyle(element).fontFamily, namedAtEnd(chart)];
  const widest = names ? Math.max(...textWidths(curvesOf(chart).map(({ name }) => name), family)) : 0;
  const margin = { l: data.titles[1] ? 62 : 44, r: names ? widest + 14 : 10, t: 8, b: data.titles[0] ? 46 : 28 };
  chart.size = [width - margin.l - margin.r, height - margin.t - margin.b];
  chart.ranges = chart.rangesIn(chart.size);
  const finger = matchMedia("(pointer: coarse)").matches; // it must still be able to scroll a phone's page
  return {
    width, height, margin, showlegend: false, hovermode: "closest", dragmode: finger ? false : "zoom",
    paper_bgcolor: NOTHING, plot_bgcolor: NOTHING, font: { family, color: palette.ink, size: 12 },
    xaxis: { ...axis(chart, 0), ...(data.steps ? wholeTicks(chart.ranges[0]) : {}) },
    yaxis: { ...axis(chart, 1), ...(data.equal ? { scaleanchor: "x" } : {}) },
    annotations: [...arrows(chart), ...(names ? endNames(chart) : [])],
  };
}

function axis({ data, palette, ranges }, at) {
  return {
    title: { text: data.titles[at], standoff: 8, font: { size: 13, color: palette.muted } },
    range: [...ranges[at]], autorange: false, nticks: 7, tickfont: { size: 12, color: palette.muted },
    gridcolor: palette.line, zerolinecolor: palette.edge, zerolinewidth: 1, showline: false,
  };
}

const wholeTicks = ([low, high]) => ({ tickformat: ",d", ...(high - low <= 7 ? { dtick: 1 } : {}) });

/** Start and end of the arrows that have a length. */
const moved = ({ from, to }) => from.map((start, at) => [start, to[at]]).filter(([start, end]) => `${start}` !== `${end}`);

function arrows({ data, palette }) {
  return data.layers.filter(({ kind }) => kind === "arrows").flatMap(moved).map(([[ax, ay], [x, y]]) => ({
    x, y, ax, ay, xref: "x", yref: "y", axref: "x", ayref: "y", text: "", showarrow: true,
    arrowhead: 2, arrowsize: 1, arrowwidth: 1.6, arrowcolor: palette.chosen,
  }));
}

/** The names of curves at the last point that is in view, moved apart where they would cover each other. */
function endNames(chart) {
  const screen = flatScreen(chart.ranges, chart.size);
  const ends = curvesOf(chart).map((curve, place) => ({ curve, place, end: lastSeen(curve, chart.ranges) }));
  let taken = -Infinity;
  return ends
    .filter(({ end }) => end)
    .map((each) => ({ ...each, down: screen(each.end)[1] }))
    .sort((one, two) => one.down - two.down)
    .map(({ curve, place, end: [x, y], down }) => {
      taken = Math.max(down, taken + LINE_HEIGHT);
      return {
        x, y, xref: "x", yref: "y", text: curve.name, showarrow: false, xanchor: "left", xshift: 6,
        yshift: down - taken, font: { size: 12, color: chart.palette[colourName(place)] },
      };
    });
}

function lastSeen({ x, y }, [[left, right], [low, high]]) {
  const seen = (at) => y[at] !== null && x[at] >= left && x[at] <= right && y[at] >= low && y[at] <= high;
  const at = x.findLastIndex((_, place) => seen(place));
  return at < 0 ? null : [x[at], y[at]];
}
