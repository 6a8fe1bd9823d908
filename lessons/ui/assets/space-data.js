// A training run as Python sends it (lessons/ui/space.py, `pack`): the length of the header, the header, float32
// arrays. And what the browser works out from it: the rows of a frame, distances, the nearest words.
// F frames, V words, D numbers a row, k axes on the page.

const NEAREST = 5;

export function headerOf(bytes) {
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
  return { ...header, start: 4 + size };
}

export function runOf(bytes, header) {
  const run = { ...header, ...arraysOf(bytes.slice(header.start).buffer, header.arrays) };
  Object.assign(run, { F: run.steps.length, V: run.words.length, k: run.axes.length });
  run.D = run.snapshots.length / (run.F * run.V);
  run.ids = run.words.map((_, id) => id);
  run.names = [...new Set([...run.order, ...run.groups])].filter((group) => group && run.groups.includes(group));
  run.groupOf = run.groups.map((group) => run.names.indexOf(group));
  run.bounds = bounds(run);
  run.large = largeValue(run.snapshots);
  return run;
}

function arraysOf(buffer, shapes) {
  let at = 0;
  const arrays = {};
  for (const [name, shape] of shapes) {
    arrays[name] = new Float32Array(buffer, at, shape.reduce((product, side) => product * side, 1));
    at += arrays[name].byteLength;
  }
  return arrays;
}

/** [low, high] of each axis over all frames. */
function bounds({ coordinates, k }) {
  const box = Array.from({ length: k }, () => [Infinity, -Infinity]);
  coordinates.forEach((value, at) => {
    if (!Number.isFinite(value)) return;
    const side = box[at % k];
    if (value < side[0]) side[0] = value;
    if (value > side[1]) side[1] = value;
  });
  return box.map(([low, high]) => (low <= high ? [low, high] : [-1, 1]));
}

/** The size at which a cell has its full tint: 98% of the run's numbers are smaller. */
function largeValue(values) {
  const stride = Math.ceil(values.length / 20000);
  const sizes = values.filter((value, at) => at % stride === 0 && Number.isFinite(value)).map(Math.abs).sort();
  return sizes[Math.floor(0.98 * (sizes.length - 1))] || 1;
}

/** The row of a word in the table, D numbers. */
export function rowOf({ snapshots, V, D }, frame, id) {
  return snapshots.subarray((frame * V + id) * D, (frame * V + id + 1) * D);
}

/** The same row on the page, k numbers. */
export function placeOf({ coordinates, V, k }, frame, id) {
  return coordinates.subarray((frame * V + id) * k, (frame * V + id + 1) * k);
}

/** Where all words are on the page at `time`; 2.25 is a quarter of the way from frame 2 to frame 3. */
export function pointsAt(run, time) {
  const frame = Math.floor(time);
  const next = Math.min(frame + 1, run.F - 1);
  const share = time - frame;
  return run.ids.map((id) => {
    const to = placeOf(run, next, id);
    return Array.from(placeOf(run, frame, id), (from, axis) => from * (1 - share) + to[axis] * share);
  });
}

function distance(a, b) {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += (a[d] - b[d]) ** 2;
  return Math.sqrt(sum);
}

export function cosine(a, b) {
  const dot = (left, right) => left.reduce((sum, value, d) => sum + value * right[d], 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

/** The id of the word nearest to `word` in all D dimensions at a frame; undefined if it is alone. */
export function nearestTo(run, frame, word) {
  const own = rowOf(run, frame, word);
  const far = run.ids.map((id) => (id === word ? Infinity : distance(own, rowOf(run, frame, id))));
  const least = far.reduce((best, value) => (value < best ? value : best), Infinity);
  return least < Infinity ? far.indexOf(least) : undefined;
}

/**
 * Neighbours in all D dimensions. far[frame][id]: the distance of each word from `word`. near[frame]: the ids of the
 * nearest, in order. company: all who are among the nearest at any frame. reach: how far away these ever are.
 */
export function neighboursOf(run, word) {
  const frames = Array.from({ length: run.F }, (_, frame) => frame);
  const far = frames.map((frame) => run.ids.map((id) => distance(rowOf(run, frame, word), rowOf(run, frame, id))));
  const others = run.ids.filter((id) => id !== word);
  const near = far.map((row) => [...others].sort((one, two) => row[one] - row[two]).slice(0, NEAREST));
  const company = [...new Set(near.flat())];
  const reach = far.reduce((most, row) => company.reduce((top, id) => (row[id] > top ? row[id] : top), most), 0);
  return { far, near, company, reach };
}
