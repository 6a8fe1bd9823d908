// The address always shows the experiment on the screen: settings come from Python, step and word from the browser.
// replaceState makes no entry in the history and causes no rerun.

const BROWSER_OWNED = ["step", "word"];

function setAddress(change, keep = () => true) {
  const params = new URLSearchParams(location.search);
  for (const name of [...params.keys()]) if (!keep(name)) params.delete(name);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === "") params.delete(name);
    else params.set(name, value);
  }
  const search = params.toString();
  history.replaceState(history.state, "", location.pathname + (search ? `?${search}` : "") + location.hash);
}

/** What writes such changes for a component: nothing once its page was left, though it may still be playing. */
export function addressWriter() {
  const page = location.pathname;
  return (change) => {
    if (location.pathname === page) setAddress(change);
  };
}

let told = ""; // of which page, and what it says

function build(parent) {
  const row = document.createElement("div");
  row.className = "sharing";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  button.textContent = "Copy link";
  button.title = "A link that opens this page with these settings";
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  button.onclick = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      said.textContent = "Copied.";
    } catch {
      said.textContent = location.href; // the clipboard is closed to pages without https
    }
  };
  row.append(button, said);
  parent.append(row);
  return row;
}

/** Follow the settings of a page, and offer to copy the link; null: the page has none, and its address says nothing. */
export default function link({ page, settings }, parent) {
  const row = parent.querySelector(".sharing") ?? build(parent);
  row.hidden = settings === null;
  const news = location.pathname + JSON.stringify(settings);
  if (told === news || !location.pathname.endsWith(`/${page}`)) return; // another page is on its way
  told = news;
  row.lastChild.textContent = ""; // what was copied is no longer so
  setAddress(settings ?? {}, (name) => (settings && BROWSER_OWNED.includes(name)) || name.startsWith("embed"));
}
