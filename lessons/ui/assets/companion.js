// What accompanies every page: the visitor's progress, the link to what is on the screen, the keys. One component, since
// each of them would cost every rerun half a millisecond.
import keys from "./keys.js";
import link from "./link.js";
import progress from "./progress.js";
import { keepRepaired } from "./repairs.js";
import { loadStyle } from "./style.js";

keepRepaired();

export default function draw({ data, parentElement, setStateValue }) {
  if (!parentElement.querySelector("link")) loadStyle(parentElement, "page.css");
  progress(data, setStateValue);
  link(data, parentElement);
  keys(parentElement);
}
