// The map of all tracks: found ones in colour, the others faint. Pointing at one tells what it is and lets it be heard, a
// click plays it.
const MAPS = new WeakMap();
const SONGS = new Map(); // what the studio told of tracks, by id
const UNITS = 10000; // of a lasso's corners
const LINGER_MS = 60; // before a point's track is asked for

export default function ({ data, parentElement, setTriggerValue }) {
  const map = kept(MAPS, parentElement, () => buildMap(studioEngine(), parentElement.querySelector(".map")));
  map.ask = setTriggerValue;
  showChoices(map, data.choices);
  showMap(map, data.map);
  return () => { map.end(); MAPS.delete(parentElement); };
}

function buildMap(engine, root) {
  const canvas = element("canvas", { tabindex: 0, role: "application", "aria-describedby": "map-help" });
  const over = drawing("svg", { class: "over", "aria-hidden": "true" });
  const map = { engine, root, canvas, over, pen: null, points: null, data: null, paths: "", alone: null, at: -1, encircles: false,
    hears: false, tracing: null, frame: 0, view: { scale: 1, x: 0.5, y: 0.5 }, width: 1, height: 1, palette: [], faint: [0, 0, 0] };
  Object.assign(map, { tip: element("div", { class: "tip", hidden: true }), note: element("div", { class: "note quiet" }),
    legend: element("div", { class: "legend", role: "group", "aria-label": "Colours" }), choices: element("div", { class: "choices" }),
    status: element("div", { class: "status", "aria-live": "polite" }), axis: element("div", { class: "axis quiet" }) });
  map.stage = element("div", { class: "stage" }, canvas, over, map.tip, map.note);
  const fold = element("button", { class: "fold", "aria-expanded": "false", onclick: () => {
    fold.setAttribute("aria-expanded", String(root.classList.toggle("open")));
  } }, "Map");
  root.replaceChildren(fold, element("div", { class: "inside" }, bar(map), map.stage, map.axis, map.legend, map.status,
    element("p", { id: "map-help", class: "unseen" }, "Arrow keys go from track to track, Enter plays, plus and minus zoom, 0 shows "
      + "the whole map. With Listen pressed, each track that you come to is heard. All that can be encircled here can also be "
      + "found by the filters.")));
  showHint(map);
  listen(map);
  const watch = new ResizeObserver(() => fit(map));
  watch.observe(map.stage);
  const light = matchMedia("(prefers-color-scheme: dark)");
  const recolour = () => map.data && (takeColours(map), redraw(map));
  light.addEventListener("change", recolour);
  const off = engine.on((what) => what === "preview" && markHeard(engine, map.status));
  map.end = () => { off(); watch.disconnect(); light.removeEventListener("change", recolour); map.pen?.end(); cancelAnimationFrame(map.frame);
    if (map.hears) engine.endPreview(); };
  return map;
}

function bar(map) {
  const button = (text, title, press, ...before) => element("button", { title, onclick: press }, ...before, text);
  const pressed = (made, is) => made.setAttribute("aria-pressed", String(is));
  const lasso = button("Encircle", "Draw round tracks to keep only these", () => {
    pressed(lasso, map.encircles = !map.encircles);
    map.stage.classList.toggle("encircles", map.encircles);
  });
  const hear = button("Listen", "Hear what you point at, while the queue waits", () => {
    pressed(hear, map.hears = !map.hears);
    if (!map.hears) map.engine.endPreview();
    showHint(map);
  }, icon("hear"));
  [lasso, hear].forEach((each) => pressed(each, false));
  map.clear = button("Clear lasso", "Find tracks outside as well", () => map.ask("lasso", []));
  return element("div", { class: "bar" }, lasso, hear, map.clear, button("Whole map", "Zoom out", () => wholeMap(map)), map.choices);
}

// What one can do, where the track that is pointed at will stand.
function showHint(map) {
  if (map.at >= 0 || map.status.querySelector("button")) return;
  const point = matchMedia("(hover: hover)").matches ? "Point at" : "Tap";
  map.status.replaceChildren(element("span", { class: "quiet" }, map.hears ? `${point} a track to hear it.`
    : `${point} a track to see what it is; press Listen to hear it too.`));
}

function showChoices(map, choices) {
  const menu = (name, title, options, chosen) => {
    const select = element("select", { "aria-label": title, title, onchange: () => map.ask("drawn", { ...now(), [name]: select.value }) },
      ...Object.entries(options).map(([value, text]) => element("option", { value, selected: value === chosen }, text)));
    return element("label", {}, element("span", { class: "quiet" }, title), select);
  };
  const now = () => ({ x: choices.x, y: choices.y, colour: choices.colour });
  const { sound: _, ...numbers } = choices.axes;
  map.choices.replaceChildren(menu("x", "Across", choices.axes, choices.x),
    ...(choices.x === "sound" ? [] : [menu("y", "Up", numbers, choices.y)]), menu("colour", "Colour", choices.colours, choices.colour));
  map.note.textContent = choices.waits ? "All tracks are being compared by their sound; it takes a moment once." : "";
}

function showMap(map, data) {
  map.clear.disabled = !data?.lasso.length;
  map.stage.classList.toggle("waits", !data);
  if (!data) {
    map.note.textContent ||= "There is nothing to draw a map of yet.";
    return;
  }
  const paths = [data.ids, ...data.axes.map((axis) => axis.path), data.colours?.path].join();
  if (paths !== map.paths) map.at = -1;
  const alone = data.only ? (data.colours?.names.indexOf(data.only) ?? -1) : -1;
  Object.assign(map, { data, alone: alone < 0 ? null : alone, mask: maskOf(data.mask, data.n), tracing: null });
  map.nShown = Math.max(1, map.mask.reduce((sum, bit) => sum + bit, 0));
  map.canvas.setAttribute("aria-label", data.label);
  map.axis.textContent = data.axes[0].low === null ? "Near one another: alike in sound"
    : `Across: ${data.axes[0].title}. Up: ${data.axes[1].title}.`;
  takeColours(map);
  showLegend(map);
  if (map.at >= 0 && map.points && !isShown(map, map.at)) choosePoint(map, -1);
  load(map, paths);
}

// Fetch the points where they are others than before, but not while the map is folded away.
function load(map, paths) {
  if (paths === map.paths) { map.pen?.mark(map.mask); return redraw(map); }
  if (!map.stage.clientWidth) return;
  map.paths = paths;
  fetchPoints(map.engine, map.data).then((points) => {
    if (paths !== map.paths) return;
    map.points = points;
    map.pen ??= pen(map.canvas); // only now: what draws takes a while to be ready, and the table comes first
    map.pen.load(points);
    map.pen.mark(map.mask);
    map.root.dataset.ready = paths;
    redraw(map);
  }, (error) => { map.paths = ""; map.note.textContent = `The map cannot be drawn: ${error.message}.`; });
}

function fit(map) {
  const { clientWidth: width, clientHeight: height } = map.stage;
  if (!width) return;
  Object.assign(map, { width, height });
  [map.canvas.width, map.canvas.height] = [width, height].map((side) => Math.round(side * devicePixelRatio));
  map.over.setAttribute("viewBox", `0 0 ${width} ${height}`);
  if (map.data && !map.paths) showMap(map, map.data);
  redraw(map);
}

function takeColours(map) {
  const probe = getComputedStyle(map.root).color.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255);
  map.faint = probe;
  map.isScale = !!map.data.colours && !map.data.colours.names.length;
  map.palette = map.data.colours ? map.data.colours.palette.map(rgbOf) : [probe];
}

function showLegend(map) {
  const { colours } = map.data;
  if (!colours || map.isScale) {
    return map.legend.replaceChildren(...(colours ? [element("span", { class: "quiet" }, tickText(colours, colours.low, (colours.high - colours.low) / 100)),
      element("span", { class: "scale", style: `background: linear-gradient(90deg, ${colours.palette.join()})` }),
      element("span", { class: "quiet" }, tickText(colours, colours.high, (colours.high - colours.low) / 100))] : []));
  }
  map.legend.replaceChildren(...colours.names.map((name, kind) => {
    const chip = element("button", { "aria-pressed": String(map.alone === kind), title: `Only ${name}`, onclick: () => {
      map.alone = map.alone === kind ? null : kind;
      showLegend(map); // at once; the table follows
      redraw(map);
      map.ask("only", map.alone === null ? "" : name);
    } }, element("span", { class: "dot", style: `background: ${colours.palette[kind]}` }), name);
    return chip;
  }));
}

function choosePoint(map, place) {
  if (place === map.at) return;
  map.at = place;
  map.canvas.style.cursor = place >= 0 && !map.encircles ? "pointer" : "";
  redraw(map);
  clearTimeout(map.lingering);
  map.tip.hidden = true;
  if (place < 0) { if (map.hears) map.engine.endPreview(); return; }
  map.lingering = setTimeout(() => songAt(map, place).then((song) => song && place === map.at && tell(map, song)), LINGER_MS);
}

function songAt(map, place) {
  const id = map.points.ids[place];
  if (!SONGS.has(id)) {
    if (SONGS.size > 5000) SONGS.clear();
    SONGS.set(id, fetch(map.engine.url(`track/${id}`)).then((answer) => (answer.ok ? answer.json() : null), () => null));
  }
  return SONGS.get(id);
}

function tell(map, song) {
  const [x, y] = pixelOf(map, pointOf(map));
  const facts = [song.artist, song.bpm ? `${Math.round(song.bpm)} BPM` : "", song.key].filter(Boolean).join(" · ");
  map.tip.replaceChildren(element("strong", {}, song.title), element("span", { class: "quiet" }, facts));
  map.tip.hidden = false;
  map.tip.style.left = `${Math.max(8, Math.min(map.width - map.tip.offsetWidth - 8, x + 14))}px`;
  map.tip.style.top = `${Math.max(8, Math.min(map.height - map.tip.offsetHeight - 8, y + 14))}px`;
  map.status.replaceChildren(
    element("button", { "aria-label": `Play ${song.title}`, onclick: () => map.engine.play([song]) }, icon("play")),
    hearing(map.engine, song),
    element("button", { class: "open", onclick: () => map.ask("opened", song.id) }, song.title),
    element("span", { class: "quiet" }, facts),
    element("button", { "aria-label": `Add ${song.title} to the draft`, onclick: () => addToDraft(map.ask, song.id) }, icon("add")));
  if (map.hears) map.engine.preview(song);
}
