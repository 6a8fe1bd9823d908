// What accompanies every page: the visitor's progress, the link to what is on the screen, the keys. One component, since
// each of them would cost every rerun half a millisecond.
import keys from "./keys.js";
import link from "./link.js";
import progress from "./progress.js";
import { keepRepaired } from "./repairs.js";

keepRepaired(); // here, for this module is loaded once on every page

export default function draw({ data, parentElement, setStateValue }) {
  if (!parentElement.querySelector("link")) {
    const look = document.createElement("link");
    look.rel = "stylesheet";
    look.href = new URL("page.css", import.meta.url);
    parentElement.append(look);
  }
  progress(data, setStateValue);
  link(data.settings, parentElement);
  return keys(parentElement);
}
