// How much of each axis a chart shows: what its layers need, or the limits that Python has fixed.
import { homeRanges } from "./space-screen.js";

const LABEL = [8, 22]; // pixels between an edge and a point whose label stands above or below it

/** All places [x, y] that a layer draws at. */
function placesOf(layer) {
  if (layer.kind === "line") return layer.x.map((x, at) => [x, layer.y[at]]);
  return layer.kind === "points" ? layer.at : [...layer.from, ...layer.to];
}

/** [low, high] of both axes over all layers; 0 to 1 where there is nothing. */
export function boundsOf({ layers, limits }) {
  if (limits) return limits;
  const places = layers.flatMap(placesOf).filter(([x, y]) => x !== null && y !== null);
  return [0, 1].map((axis) => {
    if (!places.length) return [0, 1];
    const values = places.map((place) => place[axis]);
    return [Math.min(...values), Math.max(...values)];
  });
}

/** Ranges for a frame of `size` pixels, with some room around what is drawn, and with labels for a label at each edge. */
export function rangesOf({ equal, limits, layers }, bounds, size) {
  const edge = layers.some(({ kind, words }) => kind === "points" && words.some((word) => word)) ? LABEL : [0, 0];
  if (equal) return homeRanges(bounds, size, edge);
  if (limits) return limits;
  const curves = layers.some(({ kind }) => kind === "line");
  return bounds.map(([low, high], axis) => {
    const span = high - low || Math.abs(high) || 1;
    const share = edge[axis] / Math.max(size[axis] - 2 * edge[axis], 2 * edge[axis], 1);
    const room = span * Math.max(axis === 0 && curves ? 0.02 : 0.08, share);
    return [low - room, high + room];
  });
}
