// The numbers of a chart as tables with headers.
import { short, withMinus } from "./numbers.js";

function cell(tag, text, scope) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (scope) element.scope = scope;
  return element;
}

function written(value) {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  return Number.isInteger(value) ? withMinus(String(value)) : short(value, 4);
}

function tableOf({ head, rows, count }) {
  const table = document.createElement("table");
  if (rows.length < count) table.createCaption().textContent = `${rows.length} of ${count} rows`;
  table.createTHead().insertRow().append(...head.map((name) => cell("th", name, "col")));
  const body = table.createTBody();
  for (const [first, ...rest] of rows)
    body.insertRow().append(cell("th", written(first), "row"), ...rest.map((value) => cell("td", written(value))));
  return table;
}

export const tablesOf = (tables) => tables.map(tableOf);
