// How a group of words looks, in the plot, in the legend and in the charts: always the same colour and shape.

const GROUP_COLOURS = 6; // --group-1 to --group-6 in look.css
const GLYPHS = {
  circle: '<circle cx="7" cy="7" r="5"/>',
  square: '<path d="M2.5 2.5h9v9h-9z"/>',
  diamond: '<path d="M7 1l6 6-6 6-6-6z"/>',
  cross: '<path d="M5 1.5h4V5h3.5v4H9v3.5H5V9H1.5V5H5z"/>',
  "square-open": '<path d="M3 3h8v8H3z" fill="none" stroke="currentColor" stroke-width="2"/>',
  "diamond-open": '<path d="M7 2l5 5-5 5-5-5z" fill="none" stroke="currentColor" stroke-width="2"/>',
};
const HOLLOW = 'fill="none" stroke="currentColor" stroke-width="2"';
// These exist in 2-D and in 3-D. So does "x", but in 3-D as an emoji, for which many machines have no font.
const SHAPES = Object.keys(GLYPHS);

/** The shape of a group: with more than six groups, no two have both colour and shape in common before the 36th. */
const shapeOfGroup = (group) => SHAPES[(group + Math.floor(group / SHAPES.length)) % SHAPES.length];
const colourOfGroup = (group) => `group-${(group % GROUP_COLOURS) + 1}`;

const isPlain = ({ run, tools }, id) => !tools.colours || run.groupOf[id] < 0;

/** The name of a word's colour in look.css. */
export function colourOf(space, id) {
  return isPlain(space, id) ? "edge" : colourOfGroup(space.run.groupOf[id]);
}

/** The Plotly symbol of a word. */
export function shapeOf(space, id) {
  return isPlain(space, id) ? "circle" : shapeOfGroup(space.run.groupOf[id]);
}

/** The same shape as an outline; the shapes of a fifth and sixth group are outlines already. */
export const hollow = (shape) => (shape.endsWith("open") ? shape : `${shape}-open`);

function item(name, paint, glyph) {
  const element = document.createElement("li");
  element.innerHTML = `<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true" ${paint}>${glyph}</svg>`;
  element.append(name);
  return element;
}

export function legendItem(name, group) {
  return item(name, `fill="currentColor" style="color:var(--${colourOfGroup(group)})"`, GLYPHS[shapeOfGroup(group)]);
}

/** What hollow markers mean, whatever their colour and shape. */
export const hollowItem = (meaning) => item(`hollow: ${meaning}`, HOLLOW, GLYPHS.circle);
