// The Camelot wheel: major keys outside, minor ones inside, a fifth from one hour to the next. The more tracks, the stronger.
const RINGS = { B: { from: 66, to: 98 }, A: { from: 34, to: 65 } };
const HOURS = 12;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = element("div", { class: "chart" });
  root.append(wheel(data.wheel, (query) => setTriggerValue("asked", query)));
  withTip(root);
  parentElement.querySelector(".keywheel").replaceChildren(root);
}

function wheel({ segments, n_known: nKnown }, ask) {
  const most = Math.max(...segments.map((segment) => segment.count));
  const ordered = ["B", "A"].flatMap((ring) => segments.filter((segment) => segment.code.endsWith(ring)));
  const marks = ordered.map((segment) => mark(segment, most, nKnown, ask));
  const drawn = drawing("svg", { viewBox: "-100 -100 200 200", role: "group",
    "aria-label": `Keys of ${tracksIn(nKnown)} on the Camelot wheel` }, ...marks,
  drawing("text", { class: "of", y: -2 }, count(nKnown)), drawing("text", { class: "what", y: 11 }, nKnown === 1 ? "key" : "keys"));
  oneStop(drawn, marks, HOURS);
  return drawn;
}

function mark({ code, name, count: n, query }, most, nKnown, ask) {
  const { from, to } = RINGS[code.at(-1)];
  const turn = ((parseInt(code, 10) % HOURS) / HOURS) * 2 * Math.PI;
  const at = (radius, angle) => [radius * Math.sin(angle), -radius * Math.cos(angle)];
  const half = Math.PI / HOURS - 0.008;
  const [a, b, c, d] = [at(from, turn - half), at(to, turn - half), at(to, turn + half), at(from, turn + half)];
  const path = `M${a}L${b}A${to} ${to} 0 0 1 ${c}L${d}A${from} ${from} 0 0 0 ${a}Z`;
  const [x, y] = at((from + to) / 2, turn);
  const strong = n ? strength(n, most) : 0;
  const text = (words, dy, kind) => drawing("text", { x, y: y + dy, class: kind }, words);
  const [tonic, scale] = name.split(" ");
  const label = `${name} (${code}): ${tracksIn(n)}, ${Math.round((100 * n) / nKnown)} %`;
  return linked(drawing("a", { class: strong > 55 ? "strong" : "" },
    drawing("path", { d: path, style: `--strength: ${strong}%` }), text(tonic + (scale === "minor" ? "m" : ""), -0.5, "key"),
    text(code, 7.5, "code")), { query, label }, ask);
}
