// Choose tracks by typing. What is found can be heard before it is taken; what is taken counts by its weight.
const PICKERS = new WeakMap();
const WAIT_MS = 150; // after the last key, before the studio is asked

export default function ({ data, parentElement, setTriggerValue }) {
  const view = kept(PICKERS, parentElement, () => buildPicker(parentElement.querySelector(".picker")));
  view.tell = (chosen) => setTriggerValue("picked", chosen.map((each) => ({ id: each.song.id, weight: each.weight })));
  view.data = data;
  view.input.setAttribute("aria-label", `${data.label}: search a track`);
  view.list.setAttribute("aria-label", data.label);
  view.draw();
  return () => { view.off(); PICKERS.delete(parentElement); };
}

function buildPicker(root) {
  const engine = studioEngine();
  const view = { found: [], asked: 0 };
  view.list = element("ul", { class: "chosen" });
  view.input = element("input", { type: "search", placeholder: "Title or artist", autocomplete: "off", maxlength: 200 });
  view.results = element("ul", { class: "results", "aria-label": "Found" });
  view.said = element("div", { class: "quiet said", role: "status" });
  let timer;
  view.input.oninput = () => { clearTimeout(timer); timer = setTimeout(() => searchTracks(engine, view), WAIT_MS); };
  view.input.onkeydown = (event) => { if (event.key === "Enter" && view.found[0]) take(view, view.found[0]); };
  view.draw = () => { drawChosen(engine, view); drawFound(engine, view); };
  root.replaceChildren(view.list, view.input, view.results, view.said);
  view.off = engine.on((what) => { if (what === "preview") markHeard(engine, root); });
  return view;
}

async function searchTracks(engine, view) {
  const text = view.input.value.trim();
  const asked = ++view.asked;
  const answer = text ? await fetch(engine.url(`search?q=${encodeURIComponent(text)}`)) : null;
  const found = answer?.ok ? await answer.json() : [];
  if (asked !== view.asked) return; // something else was typed meanwhile
  view.found = found;
  view.said.textContent = text && !found.length ? "Nothing is called so." : "";
  drawFound(engine, view);
}

function take(view, song) {
  const others = view.data.many ? view.data.chosen.filter((each) => each.song.id !== song.id) : [];
  view.found = [];
  view.input.value = "";
  changeChosen(view, [...others, { song, weight: 1 }]);
  view.input.focus();
}

function changeChosen(view, chosen) {
  view.data.chosen = chosen;
  view.draw();
  view.tell(chosen);
}

function named(song) {
  return element("span", { class: "what" }, element("b", {}, song.title), element("span", { class: "quiet" }, song.artist));
}

function drawFound(engine, view) {
  view.results.replaceChildren(...view.found.map((song) => element("li", {}, hearing(engine, song),
    element("button", { class: "take", "aria-label": `Take ${song.title}`, onclick: () => take(view, song) }, named(song)))));
}

function drawChosen(engine, view) {
  const chosen = view.data.chosen;
  const drop = (song) => changeChosen(view, chosen.filter((each) => each.song.id !== song.id));
  view.list.replaceChildren(...chosen.map((each) => element("li", {}, hearing(engine, each.song), named(each.song),
    view.data.many && chosen.length > 1 ? weightOf(view, each) : null,
    element("button", { "aria-label": `Take ${each.song.title} out`, onclick: () => drop(each.song) }, "×"))));
}

function weightOf(view, each) {
  const choice = element("select", { "aria-label": `How much ${each.song.title} counts`, title: "How much it counts" },
    ...[0.5, 1, 2, 3].map((weight) => element("option", { value: weight }, `×${weight}`)));
  if (![...choice.options].some((option) => Number(option.value) === each.weight)) {
    choice.append(element("option", { value: each.weight }, `×${each.weight}`));
  }
  choice.value = String(each.weight);
  choice.onchange = () => changeChosen(view, view.data.chosen.map((other) => (
    other.song.id === each.song.id ? { ...other, weight: Number(choice.value) } : other)));
  return choice;
}
