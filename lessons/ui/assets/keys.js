// The keys of every page. What a key does is a link or a field that is on the page anyway: the footer of the course
// (lessons/course.py) and the fields for questions. The list says only what works on the page that is open.

const OFF = "inside-the-embedding-layer-keys"; // in the browser's storage: "off" if the visitor wants no letter keys
const FIELD = ".st-key-ask_q input, .st-key-home_question input";
const TEXT_TYPES = ["text", "number", "search", "email", "url", "password", "tel", "date", "time"];

const find = (selector) => document.querySelector(selector);
/** The link of the footer whose words begin so. An icon is a word of its own in front of them or behind. */
const link = (words) =>
  [...document.querySelectorAll(".st-key-footer a")].find((each) => each.textContent.includes(words));

const EVERYWHERE = {
  "?": { says: "Show this list", works: () => true, act: () => open() },
  "/": {
    says: "Ask a question",
    works: () => find(FIELD) || link("Ask a question"),
    act: () => {
      if (!find(FIELD)) link("Ask a question").click();
      focusField();
    },
  },
  n: { says: "Next page of the course", works: () => link("Next:"), act: () => link("Next:").click() },
  p: { says: "Previous page of the course", works: () => link("Before:"), act: () => link("Before:").click() },
};
const STREAMLIT = [["r", "Draw the page again"]];
const MOVING = [
  ["Tab", "Go to the next control"],
  ["← → ↑ ↓", "Move the slider that has the focus, or choose another answer"],
  ["Home, End", "First and last value of that slider"],
  ["Space, Enter", "Press the button that has the focus"],
];
const STEPS = [
  ["← →", "One step back or forward, with the focus on the slider of the steps"],
  ["Home, End", "First and last step"],
  ["Space", "Play or pause, with the focus on that button"],
];

let dialog;
let switchedOff = false;
try {
  switchedOff = localStorage.getItem(OFF) === "off";
} catch {
  // storage is closed to us: the choice lasts until the page is left
}

function remember(off) {
  switchedOff = off;
  try {
    if (off) localStorage.setItem(OFF, "off");
    else localStorage.removeItem(OFF);
  } catch {
    // see above
  }
}

const hasSteps = () =>
  [...document.querySelectorAll("*")].some((element) => element.shadowRoot?.querySelector(".controls"));

const lines = (keys) =>
  keys.map(([key, says]) => `<div><dt><kbd>${key}</kbd></dt><dd>${says}</dd></div>`).join("");

function open() {
  const here = Object.entries(EVERYWHERE).filter(([, key]) => key.works());
  const parts = [
    ["On every page", [...here.map(([name, key]) => [name, key.says]), ...STREAMLIT]],
    ...(hasSteps() ? [["Steps of a figure", STEPS]] : []),
    ["Controls", MOVING],
  ];
  dialog.querySelector("div.keys-list").innerHTML = parts
    .map(([title, keys]) => `<h3>${title}</h3><dl>${lines(keys)}</dl>`)
    .join("");
  dialog.querySelector("input").checked = !switchedOff;
  dialog.showModal();
}

const MARKUP = `
<button type="button" class="tool keys-open" aria-haspopup="dialog" aria-label="Keyboard shortcuts"
  title="Keyboard shortcuts (?)">?</button>
<dialog class="keys" aria-labelledby="keys-title">
  <h2 id="keys-title">Keyboard shortcuts</h2>
  <div class="keys-list"></div>
  <label><input type="checkbox"> Listen to the single keys: ? / n p</label>
  <form method="dialog"><button class="tool" autofocus>Close</button></form>
</dialog>`;

function build(parent) {
  const root = document.createElement("div");
  root.innerHTML = MARKUP;
  parent.append(root);
  dialog = root.querySelector("dialog");
  root.querySelector(".keys-open").addEventListener("click", open);
  root.querySelector("input").addEventListener("change", ({ target }) => remember(!target.checked));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
}

/** Once it is there: the page that has it may have to be drawn first. */
function focusField(patience = 50) {
  if (find(FIELD)) find(FIELD).focus();
  else if (patience > 0) setTimeout(focusField, 100, patience - 1);
}

/** Whether the key belongs to a field: text is typed there, or a list jumps to what begins with the letter. */
function isTyping(event) {
  const at = event.composedPath()[0];
  if (!(at instanceof Element)) return false;
  if (at.isContentEditable || at.matches("textarea, select, [role=combobox], [role=listbox], [role=option]")) return true;
  return at.matches("input") && TEXT_TYPES.includes(at.type);
}

function heard(event) {
  if (!dialog?.isConnected || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (switchedOff || isTyping(event) || find('[role="dialog"]') || dialog.open) return;
  const key = EVERYWHERE[event.key];
  if (!key?.works()) return;
  event.preventDefault();
  key.act();
}

document.addEventListener("keydown", heard); // once, for this module is loaded once for all pages

/** Draw the small button that opens the list. */
export default function keys(parent) {
  if (!parent.querySelector("dialog")) build(parent);
}
