// From coordinates to pixels: the fixed axes of a run, and what the camera of the 3-D view sees. Labels are placed
// with it, and points are moved with it while the player runs.

const LOST = [-1e5, -1e5]; // where a run that has diverged puts its words

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const unit = (a) => a.map((part) => part / Math.sqrt(dot(a, a)));
const listOf = ({ x, y, z }) => [x, y, z];

/**
 * The camera that a 3-D view of [width, height] pixels begins with: so far away that the titles of the axes are not cut
 * off, and looking past the middle, since the title of the upright axis stands far to the left.
 */
export function homeCamera([width, height]) {
  const away = Math.max(1, (1.19 * height) / width);
  const eye = { x: 1.35 * away, y: 1.35 * away, z: 0.75 * away };
  return { eye, center: { x: 0.09, y: -0.09, z: -0.15 }, up: { x: 0, y: 0, z: 1 } };
}

/**
 * Ranges with room for all frames and the same number of units per pixel on every axis of `room` pixels; around the
 * outermost points stay `edge` pixels or more.
 */
export function homeRanges(bounds, room, edge = [0, 0, 0]) {
  const free = room.map((side, axis) => Math.max(Math.min(side / 1.14, side - 2 * edge[axis]), side / 2, 0.5));
  const scale = Math.max(...bounds.map(([low, high], axis) => (high - low || 1) / free[axis]));
  return bounds.map(([low, high], axis) => {
    const [middle, half] = [(low + high) / 2, (scale * room[axis]) / 2];
    return [middle - half, middle + half];
  });
}

/** The function from [x, y] to pixels from the upper left corner of a frame of this size. */
export function flatScreen([[left, right], [low, high]], [width, height]) {
  return ([x, y]) => {
    const pixels = [((x - left) / (right - left)) * width, ((high - y) / (high - low)) * height];
    return pixels.every(Number.isFinite) ? pixels : LOST;
  };
}

/** The function from [x, y, z] to pixels from the middle: a box with sides of 1, a camera that sees 45 degrees. */
export function solidScreen(ranges, camera, height) {
  const [eye, center, up] = [camera.eye, camera.center, camera.up].map(listOf);
  const ahead = unit(center.map((value, axis) => value - eye[axis]));
  const right = unit(cross(ahead, up));
  const above = cross(right, ahead);
  const scale = height / 2 / Math.tan(Math.PI / 8);
  return (point) => {
    const inBox = ranges.map(([low, high], axis) => (point[axis] - low) / (high - low) - 0.5);
    const seen = inBox.map((value, axis) => value - eye[axis]);
    const depth = dot(seen, ahead);
    return [(dot(seen, right) / depth) * scale, (-dot(seen, above) / depth) * scale];
  };
}
