// The curve of tempo and energy along a list of lines {song, energy}, as SVG that grows with its place.
const CURVE = { width: 600, height: 64, edge: 5 };

function drawCurve(place, lines) {
  const kinds = [["energy", "Energy", (line) => line.energy], ["tempo", "Tempo", (line) => line.song.bpm]];
  const drawn = kinds.map(([name, title, of]) => ({ name, title, values: lines.map(of) }))
    .filter((kind) => kind.values.filter((value) => value !== null && value !== undefined).length > 1);
  if (!drawn.length) { place.replaceChildren(); return; }
  const svg = svgElement("svg", { viewBox: `0 0 ${CURVE.width} ${CURVE.height}`, preserveAspectRatio: "none", role: "img",
    "aria-label": `${drawn.map((kind) => kind.title).join(" and ")} from the first track to the last` });
  svg.append(...drawn.map((kind) => svgElement("polyline", { class: kind.name, points: points(kind.values) })));
  place.replaceChildren(svg, element("div", { class: "legend quiet" },
    ...drawn.map((kind) => element("span", { class: kind.name }, `${kind.title} ${spanOf(kind.values)}`))));
}

function points(values) {
  const known = values.filter((value) => value !== null && value !== undefined);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (place) => (values.length < 2 ? 0 : (CURVE.width * place) / (values.length - 1));
  const y = (value) => CURVE.height - CURVE.edge - ((CURVE.height - 2 * CURVE.edge) * (value - low)) / (high - low || 1);
  return values.map((value, place) => (value === null || value === undefined ? null : `${x(place).toFixed(1)},${y(value).toFixed(1)}`))
    .filter((point) => point !== null).join(" ");
}

function spanOf(values) {
  const known = values.filter((value) => value !== null && value !== undefined);
  const digits = Math.max(...known) < 20 ? 1 : 0;
  return `${Math.min(...known).toFixed(digits)}–${Math.max(...known).toFixed(digits)}`;
}

function svgElement(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const SKETCHES = {
  grip: "M9 5h2v2H9zm4 0h2v2h-2zM9 11h2v2H9zm4 0h2v2h-2zM9 17h2v2H9zm4 0h2v2h-2z",
  locked: "M7 10V8a5 5 0 0 1 10 0v2h1v11H6V10zm2 0h6V8a3 3 0 0 0-6 0z",
  open: "M7 10V8a5 5 0 0 1 9.6-2l-1.8.8A3 3 0 0 0 9 8v2h9v11H6V10zm1 2v7h8v-7z",
  swap: "M7 4l-4 4 4 4V9h9V7H7zm10 8v3H8v2h9v3l4-4z",
  remove: "M6.4 5L5 6.4l5.6 5.6L5 17.6 6.4 19l5.6-5.6 5.6 5.6 1.4-1.4-5.6-5.6L19 6.4 17.6 5 12 10.6z",
};
function sketch(name) {
  const svg = svgElement("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" });
  svg.append(svgElement("path", { d: SKETCHES[name] }));
  return svg;
}
