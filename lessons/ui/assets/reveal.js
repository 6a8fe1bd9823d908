// Brings the place where it stands into view, once for every new token: after "Try it" under a question, and after a
// prediction was locked in. After "Try it" it says what was set, and leads back to the question.
import { calmMotion } from "./controls.js";
import { loadStyle } from "./style.js";

const HEADER = 60; // px: Streamlit's bar lies over the top of the page
const LATER = 1000; // ms: figures that draw themselves meanwhile move the place
const TOUCHES = ["wheel", "pointerdown", "touchstart", "keydown"];

let seen = null; // for all pages together: one that is entered again must not jump

const behavior = () => (calmMotion() ? "auto" : "smooth");

/** Whether the upper half of the screen already shows where it begins. */
function inSight(place) {
  const { top } = place.getBoundingClientRect();
  return top >= HEADER && top < innerHeight / 2;
}

/** To the top of the screen; once more if it was moved from there and the learner has touched nothing. */
function bring(place) {
  const touched = new AbortController();
  const scroll = () => place.scrollIntoView({ behavior: behavior(), block: "start" });
  TOUCHES.forEach((name) => addEventListener(name, () => touched.abort(), { signal: touched.signal, passive: true }));
  scroll();
  setTimeout(() => {
    if (!touched.signal.aborted && place.isConnected && !inSight(place)) scroll();
    touched.abort();
  }, LATER);
}

function back(question) {
  const group = document.querySelector(`.st-key-${CSS.escape(question)}`);
  (group?.querySelector("input:checked") ?? group?.querySelector("input"))?.focus({ preventScroll: true });
  group?.scrollIntoView({ behavior: behavior(), block: "center" });
}

function note(parent, { said, question }) {
  let line = parent.querySelector(".tried");
  if (!line) {
    loadStyle(parent, "page.css");
    line = document.createElement("p");
    line.className = "tried";
    line.innerHTML = '<span role="status"></span> <button type="button" class="tool">Back to the question</button>';
    parent.append(line);
  }
  line.hidden = !question || !said; // what was set is no longer so
  line.firstChild.textContent = said;
  line.lastChild.onclick = () => back(question);
}

export default function draw({ data, parentElement }) {
  note(parentElement, data);
  const host = parentElement.getRootNode().host ?? parentElement;
  const place = host.closest('[class*="_experiment"], [class*="_below"]');
  if (!place || data.token === seen) return;
  seen = data.token;
  if (!data.question && inSight(place)) return;
  bring(place);
  if (data.question) parentElement.querySelector("button").focus({ preventScroll: true });
}
