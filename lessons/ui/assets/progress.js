// The visitor's progress, in the browser's storage under one key. Python does the merging: this module sends a text that
// Python may not know, once, and otherwise writes what Python says. A text is never overwritten before Python has
// answered to it: until then this module may still be drawn with what Python knew before.

const KEY = "inside-the-embedding-layer";
const BLOCKED = "blocked";

let known; // the stored text that this tab has sent or written: undefined at first, null if nothing is stored
let visit; // the session that knows it
let said = ""; // the last message to that session
let setState = () => {};

function tell(text) {
  said = `${visit} ${text}`;
  setState("kept", said);
}

/** Send the stored text if it is not known yet; whether it was. */
function sent() {
  const found = localStorage.getItem(KEY); // throws where storage is closed to pages
  const isNews = found !== null && found !== known;
  known = found;
  if (isNews) tell(found);
  return isNews;
}

function exchange({ kept, heard }) {
  if (sent() || (said && heard !== said) || kept === (known ?? "")) return;
  localStorage.setItem(KEY, kept);
  known = kept;
}

function openly(act) {
  try {
    act();
  } catch {
    if (known !== BLOCKED) tell(BLOCKED);
    known = BLOCKED;
  }
}

// Another tab may have gone on meanwhile: nothing is sent while this one is not looked at.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && visit !== undefined) openly(sent);
});

export default function progress(data, setStateValue) {
  setState = setStateValue;
  if (data.visit !== visit) [known, said] = [undefined, ""];
  visit = data.visit;
  openly(() => exchange(data));
}
