// How numbers are written: three or four digits, a real minus sign, ticks at 1, 2 or 5 times a power of ten.

const MINUS = "\u2212";

export const withMinus = (text) => text.replace("-", MINUS);

/** A number in `digits` significant digits. */
export function short(value, digits = 3) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const extreme = Math.abs(value) < 0.001 || Math.abs(value) >= 1e4;
  return withMinus(extreme ? value.toExponential(1) : value.toPrecision(digits));
}

/** A number with its sign, as short as a cell needs it. */
export function signed(value) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const decimals = size >= 10 ? 1 : size >= 0.01 ? 2 : 3;
  return (value < 0 ? MINUS : "+") + (size >= 0.001 ? size.toFixed(decimals) : size.toExponential(0));
}

/** About `count` round numbers between low and high. */
export function niceTicks(low, high, count) {
  const raw = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(raw));
  const size = [1, 2, 5, 10].map((factor) => factor * power).find((factor) => factor >= raw);
  const ticks = [];
  for (let tick = Math.ceil(low / size) * size; tick <= high + size * 1e-6; tick += size) ticks.push(tick);
  return ticks.map((tick) => Number(tick.toPrecision(6)));
}
