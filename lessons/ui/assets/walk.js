// Scenes drawn by Python, walked through in the browser. A row marked data-from flies in from the row of that address.

import { calmMotion, controls } from "./controls.js";
import { addressWriter } from "./link.js";
import { loadStyle } from "./style.js";

const WIDE = 560; // px
const walks = new WeakMap();

function build(parent) {
  const root = document.createElement("div");
  root.className = "walk";
  const stage = document.createElement("div");
  const caption = document.createElement("p");
  caption.className = "caption";
  const room = document.createElement("div");
  room.append(caption, stage);
  const walk = { root, room, stage, caption, scenes: [], shown: null, tries: 0, setAddress: addressWriter() };
  walk.controls = controls({
    steps: [1],
    step: 1,
    label: "Step of the computation",
    interval: 1400,
    onStep: (at, { settled }) => {
      show(walk, at - 1);
      if (settled && walk.inAddress) walk.setAddress({ step: at > 1 ? at : null });
    },
  });
  root.append(walk.controls.element, room);
  loadStyle(parent, "page.css").then(() => keepRoom(walk));
  parent.append(root);
  let width = 0;
  new ResizeObserver(([{ contentRect }]) => {
    if (contentRect.width !== width) keepRoom(walk);
    width = contentRect.width;
  }).observe(root);
  return walk;
}

/** On a wide screen the tallest scene's room is kept, so that nothing below moves; on a phone it would be a gap. */
function keepRoom({ root, room, scenes }) {
  room.style.minHeight = "";
  if (root.clientWidth < WIDE) return;
  const probe = room.cloneNode(true);
  probe.style.cssText = `position: absolute; visibility: hidden; width: ${room.clientWidth}px`;
  probe.setAttribute("aria-hidden", "true");
  root.append(probe);
  const heights = scenes.map(({ caption, html }) => {
    [probe.firstChild.innerHTML, probe.lastChild.innerHTML] = [caption, html];
    return probe.offsetHeight;
  });
  probe.remove();
  room.style.minHeight = `${Math.max(...heights)}px`;
}

function show(walk, at) {
  const forward = walk.shown !== null && at === walk.shown + 1;
  const scene = walk.scenes[at];
  if (!scene) return;
  walk.shown = at;
  walk.root.dataset.step = at + 1;
  walk.caption.innerHTML = scene.caption;
  walk.caption.setAttribute("aria-live", walk.controls?.playing ? "off" : "polite");
  walk.stage.innerHTML = scene.html;
  if (forward && !calmMotion()) walk.stage.querySelectorAll("[data-from]").forEach((row) => fly(walk.stage, row));
}

function fly(stage, row) {
  const origin = stage.querySelector(`[data-row="${CSS.escape(row.dataset.from)}"]`);
  if (!origin) return;
  const from = origin.getBoundingClientRect();
  const to = row.getBoundingClientRect();
  row.animate(
    [
      { transform: `translate(${from.right - to.right}px, ${from.top - to.top}px)`, opacity: 0.2 },
      { transform: "none", opacity: 1 },
    ],
    { duration: 520, easing: "cubic-bezier(.3,.1,.2,1)" },
  );
}

export default function draw({ data: bytes, parentElement }) {
  const data = JSON.parse(new TextDecoder().decode(bytes));
  let walk = walks.get(parentElement);
  if (!walk) {
    walk = build(parentElement);
    walks.set(parentElement, walk);
  }
  const before = JSON.stringify(walk.scenes);
  const isTried = data.tries !== walk.tries && data.step !== null; // a "Try it" may name a step
  if (before === JSON.stringify(data.scenes) && !isTried) return;
  const kept = isTried ? null : walk.shown;
  walk.tries = data.tries;
  const at = Math.min(kept ?? (data.step ?? 1) - 1, data.scenes.length - 1);
  walk.scenes = data.scenes;
  walk.inAddress = data.inAddress;
  walk.shown = null;
  keepRoom(walk);
  walk.controls.update({ steps: data.scenes.map((_, place) => place + 1), step: at + 1 });
  show(walk, at);
  if (isTried && walk.inAddress) walk.setAddress({ step: at > 0 ? at + 1 : null });
}
