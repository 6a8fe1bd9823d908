// What Plotly is asked to draw: one trace each for the trails, the lines to the nearest words, the words without and
// with a label, and the ring around the chosen word; and the axes. In 2-D and in 3-D.
import { colourOf, shapeOf } from "./space-marks.js";
import { placeOf } from "./space-data.js";
import { homeCamera } from "./space-screen.js";

const NOTHING = "rgba(0,0,0,0)";
const MANY_WORDS = 200;
const TRAIL_VERTICES = 60;

/** The diameter of a word's marker in 2-D, in pixels. */
export const markerSize = (run) => (run.V > MANY_WORDS ? 6 : 9);

/** Points [x, y] or [x, y, z], null for a gap, as Plotly takes them. */
function axesOf(points, k) {
  const along = (axis) => points.map((point) => point?.[axis] ?? null);
  return Object.fromEntries(["x", "y", "z"].slice(0, k).map((name, axis) => [name, along(axis)]));
}

/** The points of the four traces that move, in the order of `traces`. */
export function movingPoints({ space, points, named, rest }) {
  const { word, near, frame, run } = space;
  const links = near[frame].flatMap((other) => [points[word], points[other], null]);
  const sets = [links, rest.map((id) => points[id]), named.map((id) => points[id]), [points[word]]];
  return sets.map((set) => axesOf(set, run.k));
}

export function traces(plot) {
  const { run, tools } = plot.space;
  const [links, rest, named, ring] = movingPoints(plot);
  const all = [
    ...(tools.trails ? trails(plot.space).map((trail) => trailTrace(plot, trail)) : []),
    { ...lines(plot.palette.chosen, run.k === 3 ? 2 : 1), uid: "links", opacity: 0.55, ...links },
    { ...dots(plot, plot.rest), uid: "rest", mode: "markers", ...rest },
    { ...dots(plot, plot.named), ...labels(plot), uid: "named", mode: "markers+text", ...named },
    { ...ringMarker(plot), uid: "ring", mode: "markers", hoverinfo: "skip", ...ring },
  ];
  return all.map((trace) => ({ ...trace, type: run.k === 3 ? "scatter3d" : "scatter", showlegend: false }));
}

const lines = (color, width) => ({ mode: "lines", hoverinfo: "skip", line: { color, width } });

function trailTrace({ space, palette }, { uid, word, points }) {
  const own = word === space.word;
  const line = lines(palette[own ? "chosen" : colourOf(space, word)], own ? 2 : 1.2);
  return { ...line, uid, opacity: own ? 0.9 : 0.35, ...axesOf(points, space.run.k) };
}

/** The way so far, of each group as one line with gaps, then of the chosen word; a way has at most 60 vertices. */
export function trails(space) {
  const { run, frame, word, near } = space;
  const stride = Math.ceil(run.F / TRAIL_VERTICES);
  const frames = Array.from({ length: Math.ceil(frame / stride) }, (_, at) => at * stride).concat(frame);
  const way = (id) => [...frames.map((at) => placeOf(run, at, id)), null];
  const trail = (uid, ids) => ({ uid, word: ids[0], points: ids.flatMap(way) }); // of an empty group: no points
  const shown = (run.V > 60 ? near[frame] : run.ids).filter((id) => id !== word);
  const groups = run.names.map((_, group) => shown.filter((id) => run.groupOf[id] === group));
  return [...groups.map((ids, group) => trail(`way${group}`, ids)), trail("way", [word])];
}

function dots({ space, palette }, ids) {
  const { run } = space;
  const shapes = ids.map((id) => shapeOf(space, id));
  const outline = (shape) => (run.V > MANY_WORDS ? 0 : shape.endsWith("open") ? 2 : 1);
  return {
    customdata: ids,
    hoverinfo: "text",
    hovertext: ids.map((id) => `${run.words[id]} · id ${id}`),
    hoverlabel: { bgcolor: palette.raised, bordercolor: palette.edge, font: { color: palette.ink, size: 13 } },
    marker: {
      color: ids.map((id) => palette[colourOf(space, id)]),
      symbol: shapes,
      size: run.k === 3 ? shapes.map((shape) => (shape === "cross" ? 15 : 10)) : markerSize(run),
      opacity: run.V > MANY_WORDS ? 0.8 : 1,
      line: { width: run.k === 3 ? 0 : shapes.map(outline), color: palette.surface },
    },
  };
}

function labels(plot) {
  const { space, named, spots } = plot;
  return {
    text: named.map((id) => space.run.words[id]),
    textposition: named.map((id) => spots.get(id)?.position ?? "top center"),
    textfont: { size: 12, color: named.map((id) => labelColour(plot, id)) },
  };
}

/** A label without a spot is transparent: the node of an empty one would be gone when there is a spot again. */
export function labelColour({ space, palette, spots }, id) {
  if (!spots.has(id)) return NOTHING;
  if (id === space.word) return palette.chosen;
  return space.near[space.frame].includes(id) ? palette.ink : palette.muted;
}

function ringMarker({ space, palette }) {
  const line = { color: palette.chosen, width: space.run.k === 3 ? 3 : 2 };
  if (space.run.k === 3) return { marker: { size: 14, symbol: "circle-open", color: palette.chosen, line } };
  return { marker: { size: 16, color: NOTHING, line } };
}

export function layout(plot) {
  const { width, height, margin, palette, element } = plot;
  return {
    width, height, margin, showlegend: false, hovermode: "closest", paper_bgcolor: NOTHING, plot_bgcolor: NOTHING,
    font: { family: getComputedStyle(element).fontFamily, color: palette.ink },
    ...(plot.space.run.k === 3 ? { scene: scene(plot) } : flatAxes(plot)),
  };
}

function axis({ space, palette, ranges }, at) {
  return {
    title: { text: space.run.axes[at], standoff: 6, font: { size: 12, color: palette.muted } },
    range: [...ranges[at]], autorange: false, nticks: 7, tickfont: { size: 11, color: palette.muted },
    gridcolor: palette.line, zerolinecolor: palette.line, zerolinewidth: 2, showline: false,
  };
}

function flatAxes(plot) {
  const finger = matchMedia("(pointer: coarse)").matches; // it must still be able to scroll a phone's page
  return { dragmode: finger ? false : "pan", xaxis: axis(plot, 0), yaxis: { ...axis(plot, 1), scaleanchor: "x" } };
}

function scene(plot) {
  const solid = (at) => ({ ...axis(plot, at), showbackground: false, showspikes: false, nticks: 5 });
  const axes = { xaxis: solid(0), yaxis: solid(1), zaxis: solid(2) };
  return { ...axes, aspectmode: "cube", dragmode: "turntable", camera: plot.camera ?? homeCamera(plot.size) };
}
