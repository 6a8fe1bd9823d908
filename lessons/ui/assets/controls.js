// Step back, play or pause, step forward, scrub, speed: one row that works alike in every figure.

const PATHS = {
  back: "M4 3h2v10H4zM13 3v10L7 8z",
  play: "M4 2.5v11L13.5 8z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M10 3h2v10h-2zM3 3v10l6-5z",
};
const SPEEDS = [0.5, 1, 2, 4];

export const calmMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const icon = (name) => `<svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><path d="${PATHS[name]}"/></svg>`;

function button(name, title) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `control control-${name}`;
  setButton(element, name, title);
  return element;
}

function setButton(element, name, title) {
  element.innerHTML = icon(name);
  element.setAttribute("aria-label", title);
  element.title = title;
}

function slider(label) {
  const element = document.createElement("input");
  element.type = "range";
  element.min = 0;
  element.step = 1;
  element.setAttribute("aria-label", label);
  return element;
}

function speedChooser() {
  const element = document.createElement("select");
  element.setAttribute("aria-label", "Speed");
  for (const speed of SPEEDS) element.add(new Option(`${speed}×`, speed, speed === 1, speed === 1));
  return element;
}

const listOf = (steps) => (typeof steps === "number" ? Array.from({ length: steps + 1 }, (_, at) => at) : Array.from(steps));

function nearestPlace(values, step) {
  let best = 0;
  values.forEach((value, place) => {
    if (Math.abs(value - step) < Math.abs(values[best] - step)) best = place;
  });
  return best;
}

/**
 * steps: the last step (0 to steps), or the ascending list of steps there are, for example [0, 10, 20].
 * step: where to begin. label: what is being scrubbed, for screen readers. noun: the word before the number.
 * interval: milliseconds per step at 1×.
 * onStep(step, {playing, settled}): every change; `settled` is false while the thumb is dragged or the player runs.
 * onGlide(place): while playing, each animation frame, the place between steps (2.25 = a quarter of the way
 *   from the third step in the list to the fourth); never with prefers-reduced-motion.
 */
export function controls({ steps, step, label = "Step", noun = "step", onStep, onGlide, interval = 600 }) {
  let values = listOf(steps);
  let place = nearestPlace(values, step ?? values[0]);
  let playing = false;
  let request = 0;
  let before = 0;
  let travelled = 0;

  const element = document.createElement("div");
  element.className = "controls";
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", label);
  const back = button("back", "Step back");
  const play = button("play", "Play");
  const forward = button("forward", "Step forward");
  const scrub = slider(label);
  const speed = speedChooser();
  const text = document.createElement("span");
  text.className = "controls-text";
  element.append(back, play, forward, scrub, speed, text);

  const last = () => values.length - 1;
  const wording = () => `${noun} ${values[place]} / ${values[last()]}`;

  function show() {
    scrub.max = last();
    scrub.value = place;
    scrub.style.setProperty("--share", last() ? place / last() : 0);
    scrub.setAttribute("aria-valuetext", wording());
    text.innerHTML = `${noun} <b>${values[place]}</b> / ${values[last()]}`;
    text.style.minWidth = `${wording().length + values[last()].toString().length - values[place].toString().length}ch`;
    const empty = last() === 0;
    for (const part of [back, play, forward, scrub, speed]) part.disabled = empty;
    back.disabled ||= place === 0;
    forward.disabled ||= place === last();
  }

  function go(next, settled) {
    place = Math.max(0, Math.min(last(), next));
    show();
    onStep(values[place], { playing, settled });
  }

  function halt() {
    playing = false;
    cancelAnimationFrame(request);
    setButton(play, "play", "Play");
    element.dataset.playing = "false";
  }

  function pause() {
    if (!playing) return;
    halt();
    go(place, true);
  }

  function tick(now) {
    if (!playing) return;
    travelled += (Math.min(now - before, 250) * Number(speed.value)) / interval;
    before = now;
    const whole = Math.floor(travelled);
    travelled -= whole;
    if (place + whole >= last()) {
      halt();
      return go(last(), true);
    }
    if (whole) go(place + whole, false);
    if (!playing) return;
    if (onGlide && !calmMotion()) onGlide(place + travelled);
    request = requestAnimationFrame(tick);
  }

  function start() {
    if (playing || last() === 0) return;
    playing = true;
    travelled = 0;
    before = performance.now();
    setButton(play, "pause", "Pause");
    element.dataset.playing = "true";
    go(place === last() ? 0 : place, false);
    request = requestAnimationFrame(tick);
  }

  function jump(next, settled) {
    if (playing) halt();
    go(next, settled);
  }

  back.addEventListener("click", () => jump(place - 1, true));
  forward.addEventListener("click", () => jump(place + 1, true));
  play.addEventListener("click", () => (playing ? pause() : start()));
  scrub.addEventListener("input", () => jump(Number(scrub.value), false));
  scrub.addEventListener("change", () => jump(Number(scrub.value), true));
  element.dataset.playing = "false";
  show();

  return {
    element,
    play: start,
    pause,
    get playing() {
      return playing;
    },
    get place() {
      return place;
    },
    set(next) {
      jump(nearestPlace(values, next), true);
    },
    /** New steps without a call of onStep; a running player runs on. */
    update({ steps: next, step: at, interval: pace }) {
      const was = at ?? values[place];
      values = listOf(next ?? values);
      interval = pace ?? interval;
      place = nearestPlace(values, was);
      if (playing && (last() === 0 || place === last())) halt();
      show();
    },
  };
}
