// Brings the place where it stands into view, once for every new token: after "Try it" under a question.
import { calmMotion } from "./controls.js";

let seen = null; // for all pages together: one that is entered again must not jump

export default function draw({ data, parentElement }) {
  const host = parentElement.getRootNode().host ?? parentElement;
  const place = host.closest('[class*="_experiment"], [class*="_below"]');
  if (!place || data.token === seen) return;
  seen = data.token;
  place.scrollIntoView({ behavior: calmMotion() ? "auto" : "smooth", block: "start" });
}
