// What Streamlit 1.67 leaves out for those who use the keyboard or a screen reader, as axe finds it on a phone.

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

/** Once for the document: elements come and go. */
export function keepRepaired() {
  repair();
  new MutationObserver(repair).observe(document.body, { childList: true, subtree: true });
}
