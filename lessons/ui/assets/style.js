/** Our own style sheets inside a component: resolves when they are there. */
export function loadStyle(parent, name = "look.css") {
  return new Promise((done) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL(name, import.meta.url).href;
    link.onload = link.onerror = done;
    parent.append(link);
  });
}
