// How each number of the collection is spread, in small charts that are all made alike.
const [WIDTH, HEIGHT] = [240, 64];

export default function ({ data, parentElement, setTriggerValue }) {
  const root = element("div", { class: "chart" });
  root.append(...data.histograms.map((each) => chart(each, (query) => setTriggerValue("asked", query))));
  withTip(root);
  parentElement.querySelector(".histograms").replaceChildren(root);
}

function chart(histogram, ask) {
  const { title, help, median, spread, bars, is_estimate: isEstimate } = histogram;
  const most = Math.max(...bars.map((bar) => bar.count));
  const marks = bars.map((bar, place) => mark(bar, place, { n: bars.length, most }, ask));
  const plot = drawing("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "group",
    "aria-label": `${title}: median ${median}, ${spread}` }, ...marks);
  oneStop(plot, marks);
  return element("section", { class: "histogram", "data-name": histogram.name },
    element("div", { class: "head" }, element("h3", { title: help }, title),
      isEstimate ? element("span", { class: "estimate quiet", title: "From tags; a network would tell more exactly" }, "estimate") : null,
      element("span", { class: "median" }, median)),
    plot,
    element("div", { class: "ends quiet" }, element("span", {}, bars[0].label),
      bars.length > 1 ? element("span", {}, bars.at(-1).label) : null),
    element("div", { class: "help quiet" }, help));
}

// The whole height can be pointed at, however low the bar is.
function mark(bar, place, { n, most }, ask) {
  const [x, width] = [(place * WIDTH) / n, WIDTH / n];
  const height = bar.count ? Math.max(1.5, (bar.count / most) * (HEIGHT - 2)) : 0;
  const reach = drawing("rect", { class: "reach", x, y: 0, width, height: HEIGHT });
  const drawn = drawing("rect", { class: "bar", x: x + 0.6, y: HEIGHT - height, width: width - 1.2, height });
  return linked(drawing("a", {}, reach, drawn), { query: bar.query, label: `${bar.label}: ${tracksIn(bar.count)}` }, ask);
}
