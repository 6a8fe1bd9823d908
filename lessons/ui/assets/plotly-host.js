// What every component that draws with Plotly needs: the library, its style inside the shadow root, and the colours of
// look.css as Plotly takes them, in the theme of the moment.

let library = null;

/** Plotly from our own server, once for the page. */
export function loadPlotly() {
  library ??= new Promise((done, failed) => {
    if (window.Plotly) return done();
    const script = document.createElement("script");
    script.src = new URL("plotly.min.js", import.meta.url).href;
    script.onload = done;
    script.onerror = () => failed(new Error("the plot could not be loaded"));
    document.head.append(script);
  });
  return library;
}

/** Plotly puts its style rules into the document's head, where a shadow root does not see them. */
export function copyPlotlyStyle(element) {
  const host = element.getRootNode();
  const own = document.getElementById("plotly.js-style-global");
  if (!own || host.querySelector("style[data-plotly]")) return;
  const style = document.createElement("style");
  style.dataset.plotly = "";
  style.textContent = [...own.sheet.cssRules].map((rule) => rule.cssText).join("\n");
  host.append(style);
}

const PALETTE = ["ink", "muted", "line", "edge", "surface", "raised", "chosen"];
for (let group = 1; group <= 6; group++) PALETTE.push(`group-${group}`);

/** What the names of colours in look.css mean in this theme: Plotly knows no custom properties. */
export function readPalette(parent) {
  const probe = document.createElement("span");
  parent.append(probe);
  const palette = {};
  for (const name of PALETTE) {
    probe.style.color = `var(--${name})`;
    palette[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  return palette;
}

/** Calls `changed` when the theme of the page does. */
export function watchTheme(parent, changed) {
  const probe = document.createElement("span");
  probe.style.cssText = "position:absolute;color:var(--ink);transition:color 1ms";
  probe.addEventListener("transitionend", changed);
  parent.append(probe);
}
