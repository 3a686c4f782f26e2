// The curve of tempo and energy along a list of lines {song, energy}, as SVG that grows with its place.
const CURVE = { width: 600, height: 64, edge: 5 };

function drawCurve(place, lines) {
  const kinds = [["energy", "Energy", (line) => line.energy], ["tempo", "Tempo", (line) => line.song.bpm]];
  const drawn = kinds.map(([name, title, of]) => ({ name, title, values: lines.map(of) }))
    .filter((kind) => kind.values.filter((value) => value !== null && value !== undefined).length > 1);
  if (!drawn.length) { place.replaceChildren(); return; }
  const svg = drawing("svg", { viewBox: `0 0 ${CURVE.width} ${CURVE.height}`, preserveAspectRatio: "none", role: "img",
    "aria-label": `${drawn.map((kind) => kind.title).join(" and ")} from the first track to the last` },
  ...drawn.map((kind) => drawing("polyline", { class: kind.name, points: points(kind.values) })));
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
