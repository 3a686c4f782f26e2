// Kinds of music as areas, by how many tracks are of them; kinds within a kind lie in its area.
// Squarified: Bruls, Huizing & van Wijk, 2000, Squarified treemaps.
const HEAD = 24; // px, for the name of a kind that has others within
const SMALLEST = { width: 38, height: 20 }; // px, that hold a text
const TREEMAPS = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".treemap");
  const view = kept(TREEMAPS, parentElement, () => ({ watch: new ResizeObserver(() => view.draw()) }));
  view.width = 0;
  view.draw = () => {
    if (root.clientWidth === view.width) return;
    view.width = root.clientWidth;
    root.replaceChildren(treemap(root, data.kinds, view.width, (query) => setTriggerValue("asked", query)));
  };
  view.watch.observe(root);
  return () => { view.watch.disconnect(); TREEMAPS.delete(parentElement); };
}

function treemap(root, kinds, width, ask) {
  const area = { x: 0, y: 0, width, height: width < 600 ? 440 : 360 };
  const palette = getComputedStyle(root).getPropertyValue("--st-chart-categorical-colors").split(",");
  const nested = kinds.some((kind) => kind.within.length);
  const map = element("div", { class: "chart area", role: "group", "aria-label": "Kinds of music",
    style: `height: ${area.height}px` });
  for (const [place, { kind, box }] of squarified(kinds, area).entries()) {
    const look = { colour: nested ? palette[place] : "var(--st-primary-color)", strength: nested ? 34 : strength(kind.count, kinds[0].count) / 2 };
    map.append(tile(kind, box, look, ask));
    if (kind.within.length) map.append(...inside(kind, box, look, ask));
  }
  oneStop(map, [...map.querySelectorAll("a")], 1);
  withTip(map);
  return map;
}

function inside(kind, { x, y, width, height }, look, ask) {
  const room = { x: x + 3, y: y + HEAD, width: width - 6, height: height - HEAD - 3 };
  if (room.width < SMALLEST.width || room.height < SMALLEST.height) return [];
  return squarified(kind.within, room).map(({ kind: each, box }) => tile(each, box, { ...look, strength: 60 }, ask));
}

function tile(kind, { x, y, width, height }, look, ask) {
  const reads = width >= SMALLEST.width && height >= SMALLEST.height;
  const mark = element("a", { class: "tile", style: `left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px` },
    element("span", { class: "name" }, reads ? kind.name : ""),
    element("span", { class: "count quiet" }, reads && height > 40 ? count(kind.count) : ""));
  mark.style.setProperty("--colour", look.colour ?? "var(--st-text-color)");
  mark.style.setProperty("--strength", `${look.strength}%`);
  return linked(mark, { query: kind.query, label: `${kind.name}: ${tracksIn(kind.count)}` }, ask);
}

// Each kind with its box: rows along the shorter side, each taking kinds as long as their boxes become squarer.
function squarified(kinds, room) {
  const found = [];
  let { x, y, width, height } = room;
  let rest = kinds.reduce((sum, kind) => sum + kind.count, 0);
  for (let first = 0; first < kinds.length && rest > 0;) {
    const [side, scale] = [Math.min(width, height), (width * height) / rest];
    let last = first + 1;
    while (last < kinds.length && worst(kinds.slice(first, last + 1), side, scale) <= worst(kinds.slice(first, last), side, scale)) last += 1;
    const row = kinds.slice(first, last);
    const taken = row.reduce((sum, kind) => sum + kind.count, 0);
    const thick = (taken * scale) / side;
    let along = 0;
    for (const kind of row) {
      const long = (side * kind.count) / taken;
      found.push({ kind, box: width >= height ? { x, y: y + along, width: thick, height: long } : { x: x + along, y, width: long, height: thick } });
      along += long;
    }
    if (width >= height) { x += thick; width -= thick; } else { y += thick; height -= thick; }
    [first, rest] = [last, rest - taken];
  }
  return found;
}

// The ratio of the sides of the least square box in a row.
function worst(row, side, scale) {
  const areas = row.map((kind) => kind.count * scale);
  const sum = areas.reduce((one, other) => one + other, 0);
  return Math.max(...areas.map((area) => Math.max((side * side * area) / (sum * sum), (sum * sum) / (side * side * area))));
}
