// The plane of moods: gloomy to glad from left to right, calm to energetic from below. The more tracks, the stronger.
const SIDE = 100;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = element("div", { class: "chart" });
  root.append(
    element("div", { class: "word top" }, "energetic"),
    element("div", { class: "middle" }, element("div", { class: "word" }, "sad"),
      plane(data.plane, (query) => setTriggerValue("asked", query)), element("div", { class: "word" }, "happy")),
    element("div", { class: "word" }, "calm"));
  withTip(root);
  parentElement.querySelector(".moodplane").replaceChildren(root);
}

function plane({ n_across: nAcross, n_up: nUp, cells, n_known: nKnown }, ask) {
  const most = Math.max(...cells.map((cell) => cell.count));
  const [width, height] = [SIDE / nAcross, SIDE / nUp];
  const marks = [...cells].sort((one, other) => other.up - one.up || one.across - other.across).map((cell) =>
    linked(drawing("a", {}, drawing("rect", {
      x: cell.across * width + 0.25, y: SIDE - (cell.up + 1) * height + 0.25, width: width - 0.5, height: height - 0.5, rx: 1,
      style: `--strength: ${strength(cell.count, most)}%` })),
    { query: cell.query, label: `${tracksIn(cell.count)}: ${cell.label}` }, ask));
  const drawn = drawing("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, role: "group",
    "aria-label": `Moods of ${tracksIn(nKnown)}: from sad to happy, and from calm to energetic` },
  drawing("path", { class: "axes", d: `M0 ${SIDE / 2}H${SIDE}M${SIDE / 2} 0V${SIDE}` }), ...marks);
  oneStop(drawn, marks);
  return drawn;
}
