// Brings the place where it stands into view, once for every new token: after "Try it" under a question, and after a
// prediction was locked in. After "Try it" it says what was set, and leads back to the question.
import { calmMotion } from "./controls.js";

let seen = null; // for all pages together: one that is entered again must not jump

const behavior = () => (calmMotion() ? "auto" : "smooth");

/** Whether the upper half of the screen already shows where it begins. */
function inSight(place) {
  const { top } = place.getBoundingClientRect();
  return top >= 0 && top < innerHeight / 2;
}

function back(question) {
  const group = document.querySelector(`.st-key-${CSS.escape(question)}`);
  (group?.querySelector("input:checked") ?? group?.querySelector("input"))?.focus({ preventScroll: true });
  group?.scrollIntoView({ behavior: behavior(), block: "center" });
}

function note(parent, { said, question }) {
  let line = parent.querySelector(".tried");
  if (!line) {
    const look = document.createElement("link");
    look.rel = "stylesheet";
    look.href = new URL("page.css", import.meta.url);
    line = document.createElement("p");
    line.className = "tried";
    line.innerHTML = '<span role="status"></span> <button type="button" class="tool">Back to the question</button>';
    parent.append(look, line);
  }
  line.hidden = !question;
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
  place.scrollIntoView({ behavior: behavior(), block: "start" });
  if (data.question) parentElement.querySelector("button").focus({ preventScroll: true });
}
