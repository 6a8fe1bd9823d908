// While the player runs, the nodes that Plotly has drawn are moved by hand: a redraw by Plotly takes 30 ms and more,
// this less than one. When it stops, Plotly draws the same frame itself.
import { pathOf, svg } from "./charts.js";
import { labelColour, markerSize, trails } from "./space-figure.js";

export class Gliding {
  constructor(plot) {
    Object.assign(this, { plot, groups: [], texts: [], lines: new Map(), waiting: true, sound: false });
  }

  /** Plotly has drawn: take hold of its nodes, and find out whether there is one for every word. */
  start() {
    const { plot } = this;
    const nodes = (uid, selector) => [...plot.element.querySelectorAll(`.trace${uid} ${selector}`)];
    const group = (uid, ids) => ({ ids, nodes: nodes(uid, ".points path") });
    this.waiting = false;
    this.groups = [group("rest", plot.rest), group("named", plot.named), group("ring", [plot.space.word])];
    this.texts = nodes("named", ".text text");
    const complete = this.groups.every(({ ids, nodes }) => ids.length === nodes.length);
    this.sound = complete && this.texts.length === plot.named.length;
    if (!this.sound) return;
    plot.element._fullLayout.hovermode = false; // it would show where the points were
    this.showLabels();
  }

  /** whole: the points are at a frame, so that labels and trails change too. */
  draw(whole) {
    const { named, space, points } = this.plot;
    const screen = this.plot.screen();
    const places = points.map(screen);
    for (const { ids, nodes } of this.groups)
      nodes.forEach((node, at) => node.setAttribute("transform", `translate(${places[ids[at]]})`));
    this.texts.forEach((node, at) => {
      node.setAttribute("x", places[named[at]][0]);
      node.setAttribute("y", places[named[at]][1]);
    });
    this.line("links", space.near[space.frame].flatMap((other) => [places[space.word], places[other], null]));
    if (!whole) return;
    this.showLabels();
    if (!space.tools.trails) return;
    for (const { uid, points: way } of trails(space)) this.line(uid, way.map((point) => point && screen(point)));
  }

  /** As Plotly places a label: anchored at its point, shifted by the marker's radius and the height of the text. */
  showLabels() {
    const { named, spots, space } = this.plot;
    const radius = markerSize(space.run) / 1.6 + 1;
    this.texts.forEach((node, at) => {
      const spot = spots.get(named[at]);
      node.parentNode.style.display = spot ? "" : "none";
      if (!spot) return;
      const shift = [spot.across * radius, 9 + spot.down * radius + (spot.down - 1) * 6];
      node.setAttribute("text-anchor", spot.anchor);
      node.parentNode.setAttribute("transform", `translate(${shift})`);
      node.style.fill = labelColour(this.plot, named[at]);
      node.style.fillOpacity = 1;
    });
  }

  line(uid, points) {
    if (!this.lines.has(uid)) this.lines.set(uid, this.ownPath(uid));
    this.lines.get(uid)?.setAttribute("d", pathOf(points));
  }

  /** A path in place of the one that Plotly drew for this trace. */
  ownPath(uid) {
    const group = this.plot.element.querySelector(`.trace${uid}`);
    if (!group) return null;
    const { color, width } = this.plot.element.data.find((trace) => trace.uid === uid).line;
    const path = svg("path", { style: `fill:none;stroke:${color};stroke-width:${width}` });
    group.querySelector(".lines")?.style.setProperty("display", "none");
    group.prepend(path);
    return path;
  }

  end() {
    for (const path of this.lines.values()) {
      path?.parentNode?.querySelector(".lines")?.style.removeProperty("display");
      path?.remove();
    }
    for (const node of this.texts) node.parentNode?.style.removeProperty("display");
  }
}
