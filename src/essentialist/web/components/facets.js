// Facets: each slider stands over the histogram of what its own move would choose from; chips have counts beside them.
const FACETS = new WeakMap();
const PATIENCE_MS = 120; // between two steps of the arrow keys, longer than a key that is held takes to repeat

export default function ({ data, parentElement, setTriggerValue }) {
  const view = kept(FACETS, parentElement, () => buildFacets(parentElement.querySelector(".facets")));
  view.ask = (change) => setTriggerValue("changed", change);
  for (const slider of data.sliders) showSlider(part(view, slider.name, () => buildSlider(view, slider)), slider);
  for (const chips of data.chips) showChips(part(view, chips.name, () => buildChips(view, chips)), chips);
  const names = [...data.sliders, ...data.chips].map((each) => each.name);
  for (const [name, each] of view.parts) if (!names.includes(name)) { each.root.remove(); view.parts.delete(name); }
  const turned = [...view.parts.values()].filter((each) => each.isTurned()).length;
  view.fold.textContent = turned ? `Filters (${turned})` : "Filters";
  return () => FACETS.delete(parentElement);
}

function buildFacets(root) {
  const fold = element("button", { class: "fold", "aria-expanded": "false", onclick: () => {
    fold.setAttribute("aria-expanded", String(root.classList.toggle("open")));
  } });
  const inside = element("div", { class: "inside" });
  root.replaceChildren(fold, inside);
  return { root, fold, inside, parts: new Map(), ask: () => {} };
}

function part(view, name, make) {
  if (!view.parts.has(name)) {
    const made = make();
    view.parts.set(name, made);
    view.inside.append(made.root);
  }
  return view.parts.get(name);
}

function buildSlider(view, slider) {
  const ends = ["from", "to"].map((end) => element("input", { type: "range", min: 0, step: 1, "aria-label": `${slider.title} ${end}` }));
  const bars = drawing("svg", { "aria-hidden": "true", preserveAspectRatio: "none" });
  const said = element("output", {});
  const clear = element("button", { class: "clear", "aria-label": `Any ${slider.title.toLowerCase()}` }, icon("close"));
  const root = element("section", { class: "slider", "data-name": slider.name },
    element("div", { class: "head" }, element("span", { class: "name", title: slider.help }, slider.title), said, clear),
    element("div", { class: "plot" }, bars, element("div", { class: "rail" }, element("div", { class: "run" })), ...ends),
    element("div", { class: "ends quiet" }, element("span", {}, slider.ends[0]), element("span", {}, slider.ends[1])));
  const made = { root, ends, bars, said, clear, slider, timer: 0, patience: 0, isTurned: () => isTurned(made) };
  const send = () => { made.timer = 0; view.ask({ name: slider.name, from: +ends[0].value, to: +ends[1].value }); };
  ends.forEach((input, which) => {
    input.oninput = () => { keepApart(ends, which); drawSlider(made); };
    input.onkeydown = () => { made.patience = PATIENCE_MS; };
    input.onpointerdown = () => { made.patience = 0; };
    input.onchange = () => { clearTimeout(made.timer); made.timer = setTimeout(send, made.patience); };
  });
  clear.onclick = () => { [ends[0].value, ends[1].value] = [0, made.slider.bins.length]; drawSlider(made); send(); };
  return made;
}

function keepApart(ends, which) {
  const [low, high] = ends.map((input) => +input.value);
  if (low < high) return;
  ends[which].value = which === 0 ? Math.max(0, high - 1) : Math.min(+ends[1].max, low + 1);
}

const isTurned = ({ ends, slider }) => +ends[0].value > 0 || +ends[1].value < slider.bins.length;

function showSlider(made, slider) {
  made.slider = slider;
  if (!made.timer) made.ends.forEach((input, which) => { input.max = slider.bins.length; input.value = slider.at[which]; });
  drawSlider(made);
}

function drawSlider(made) {
  const { slider, ends } = made;
  const [low, high] = ends.map((input) => +input.value);
  const n = slider.bins.length;
  const most = Math.max(1, ...slider.bins);
  const bars = (from, to) => slider.bins.map((count, bin) => (bin < from || bin >= to || !count ? ""
    : `M${bin + 0.1} 1h0.8v-${Math.max(0.03, count / most)}h-0.8z`)).join("");
  made.bars.setAttribute("viewBox", `0 0 ${n} 1`);
  made.bars.replaceChildren(
    drawing("path", { class: "out", d: bars(0, low) + bars(high, n) }), drawing("path", { class: "in", d: bars(low, high) }));
  const run = made.root.querySelector(".run");
  run.style.left = `${(100 * low) / n}%`;
  run.style.right = `${100 - (100 * high) / n}%`;
  const chosen = slider.bins.slice(low, high).reduce((sum, count) => sum + count, 0);
  const texts = [edgeText(slider, low), edgeText(slider, high, true)];
  made.said.textContent = !isTurned(made) ? "any" : low === 0 ? `up to ${texts[1]}` : high === n ? `from ${texts[0]}`
    : `${texts[0]} – ${texts[1]}`;
  made.said.title = `${chosen.toLocaleString("en")} tracks`;
  ends.forEach((input, which) => input.setAttribute("aria-valuetext", `${texts[which]}, ${chosen.toLocaleString("en")} tracks in between`));
  made.clear.classList.toggle("idle", !isTurned(made));
  made.clear.disabled = !isTurned(made);
}

// What an end of the slider says. Whole numbers up to the edge 2001 end with 2000.
function edgeText(slider, position, isHigh = false) {
  const value = slider.low + position * slider.width - (slider.kind === "whole" && isHigh ? 1 : 0);
  return slider.kind === "duration" ? clock(value) : value.toFixed(slider.decimals);
}

function buildChips(view, chips) {
  const count = element("span", { class: "quiet" });
  const search = element("input", { type: "search", placeholder: `Search ${chips.title.toLowerCase()}`, "aria-label": `Search ${chips.title.toLowerCase()}` });
  const list = element("div", { class: chips.wheel ? "wheel" : "list", role: "group", "aria-label": chips.title });
  const root = element("details", { class: "chips", "data-name": chips.name },
    element("summary", { title: chips.help }, chips.title, count), chips.wheel || chips.chips.length < 12 ? null : search, list);
  const made = { root, count, search, list, chips, isTurned: () => made.chips.chips.some((chip) => chip.chosen) };
  search.oninput = () => sift(made);
  list.onclick = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    view.ask({ name: chips.name, chosen: [...list.querySelectorAll("[aria-pressed=true]")].map((each) => each.dataset.name) });
  };
  return made;
}

function showChips(made, chips) {
  made.chips = chips;
  const chosen = chips.chips.filter((chip) => chip.chosen);
  made.count.textContent = chosen.length ? chosen.map((chip) => labelText(chip.name)).join(", ") : "";
  const most = Math.max(1, ...chips.chips.map((chip) => chip.count ?? 0));
  const focused = made.root.getRootNode().activeElement?.dataset?.name;
  made.list.replaceChildren(...chips.chips.map((chip) => element("button", {
    class: "chip", "data-name": chip.name, "aria-pressed": String(chip.chosen), title: chipTitle(chip),
    "aria-label": chipTitle(chip), style: `--share: ${Math.round((100 * (chip.count ?? 0)) / most)}%`,
  }, element("span", {}, labelText(chip.name)), chips.wheel || chip.count === null ? null
    : element("span", { class: "quiet" }, chip.count.toLocaleString("en")))));
  if (focused) [...made.list.children].find((each) => each.dataset.name === focused)?.focus();
  sift(made);
}

const labelText = (name) => name.split("---").pop();
const chipTitle = (chip) => `${chip.name.replace("---", " / ")}${chip.count === null ? "" : `: ${chip.count.toLocaleString("en")} tracks`}`;

// Only the chips that have the text; without one the first dozen and those chosen.
function sift(made) {
  const sought = made.search.value.trim().toLowerCase();
  [...made.list.children].forEach((button, place) => {
    button.hidden = sought ? !button.dataset.name.toLowerCase().includes(sought)
      : !made.chips.wheel && place >= 14 && button.getAttribute("aria-pressed") !== "true";
  });
}
