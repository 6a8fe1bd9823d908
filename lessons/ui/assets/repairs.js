// What Streamlit 1.67 leaves out: for those who use the keyboard or a screen reader, as axe finds it on a phone, and for
// all who go on to another page.

const LIST = '[data-testid="stSidebarNavItems"]';
const MISSING = [
  // The sections of the page list are plain boxes straight in the list: each is an item of it, and holds links.
  [`${LIST} > div:not([role])`, { role: "listitem" }],
  [`${LIST} > div li:not([role])`, { role: "none" }],
  // Code that goes on to the right can be scrolled once it can have the focus.
  ['[data-testid="stCode"] pre:not([tabindex])', { tabindex: "0", role: "group", "aria-label": "Code" }],
];

function repair() {
  for (const [selector, attributes] of MISSING)
    for (const element of document.querySelectorAll(selector))
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

let page = location.pathname; // the one that is open

/** A new page is read from its top: the browser would stay as far down as the last one was. Streamlit changes the address
 * before it draws anything of the page. */
function beginAtTop() {
  if (location.pathname === page) return;
  page = location.pathname;
  document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
}

/** Once for the document: elements come and go. */
export function keepRepaired() {
  repair();
  new MutationObserver(() => {
    beginAtTop();
    repair();
  }).observe(document.body, { childList: true, subtree: true });
}
