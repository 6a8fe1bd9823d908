// Which spot beside its point a label takes, so that labels hide neither each other nor the points.

// Plotly's name of the spot; where the text is anchored; to the left (-1), centred (0), to the right (1);
// above (-1), beside (0), below (1).
const SPOTS = [
  ["top center", "middle", 0, -1],
  ["bottom center", "middle", 0, 1],
  ["middle right", "start", 1, 0],
  ["middle left", "end", -1, 0],
  ["top right", "start", 1, -1],
  ["bottom right", "start", 1, 1],
  ["top left", "end", -1, -1],
  ["bottom left", "end", -1, 1],
].map(([position, anchor, across, down]) => ({ position, anchor, across, down }));
const HEIGHT = 14;
const GAP = 6;
const DOT = 5;

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** The box [left, top, right, bottom] of a label at a spot of the point [x, y]. */
function boxAt({ across, down }, [x, y], width) {
  const left = x + ((across - 1) / 2) * width + across * (down ? GAP / 3 : GAP);
  const top = y + ((down - 1) / 2) * HEIGHT + down * GAP;
  return [left, top, left + width, top + HEIGHT];
}

/** The widths of words in pixels. */
export function textWidths(words, family) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `12px ${family}`;
  return words.map((text) => pen.measureText(text).width + 4);
}

/**
 * Id -> spot. Greedy: in order of importance (`ids`) each label takes its old spot or the first free one. The first
 * `certain` labels may hide a point, the very first of them may hide anything; of the rest, one without a spot has to wait.
 * size: of the frame that labels must not leave, or null.
 */
export function placeLabels({ ids, points, widths, certain, old, size }) {
  const dots = points.map(([x, y]) => [x - DOT, y - DOT, x + DOT, y + DOT]);
  const inside = (box) => !size || (box[0] >= 0 && box[1] >= 0 && box[2] <= size[0] && box[3] <= size[1]);
  const taken = [];
  const spots = new Map();
  ids.forEach((id, rank) => {
    const order = old.has(id) ? [old.get(id), ...SPOTS] : SPOTS;
    const choices = order.map((spot) => ({ spot, box: boxAt(spot, points[id], widths[id]) }));
    const free = choices.filter(({ box }) => inside(box) && !taken.some((other) => overlap(box, other)));
    const clear = free.find(({ box }) => !dots.some((dot, other) => other !== id && overlap(box, dot)));
    const found = clear ?? (rank < certain ? free[0] : null) ?? (certain && rank === 0 ? choices[0] : null);
    if (!found) return;
    spots.set(id, found.spot);
    taken.push(found.box);
  });
  return spots;
}
