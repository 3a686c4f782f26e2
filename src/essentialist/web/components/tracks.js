// A table of tracks: ▶ plays from there on, the headphones let one hear a track while the queue waits, + adds to the draft,
// a title opens the track's page, a heading sorts where the page can.
const TABLES = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  const engine = studioEngine();
  const root = parentElement.querySelector(".tracks");
  const view = kept(TABLES, parentElement, () => ({
    off: engine.on((what) => { if (what === "song" || what === "preview") mark(engine, root); }) }));
  root.replaceChildren(table(engine, data, setTriggerValue));
  mark(engine, root);
  return () => { view.off(); TABLES.delete(parentElement); };
}

function table(engine, data, setTriggerValue) {
  const songs = data.rows.map((row) => row.song);
  const heads = [{ name: "title", title: "Title" }, ...data.columns].map((column) => heading(column, data, setTriggerValue));
  const body = data.rows.map((row, place) => element("tr", { "data-id": row.song.id },
    element("td", { class: "act" }, element("button", {
      "aria-label": `Play ${row.song.title}`, onclick: () => engine.play(songs, place) }, icon("play")),
    hearing(engine, row.song)),
    element("td", { class: "what" },
      element("button", { class: "open", onclick: () => setTriggerValue("opened", row.song.id) }, row.song.title),
      element("span", { class: "quiet" }, row.song.artist)),
    ...data.columns.map((column) => element("td", { class: column.number ? "number" : "" }, row.cells[column.name] ?? "")),
    data.can_add ? element("td", { class: "act" }, element("button", {
      "aria-label": `Add ${row.song.title} to the draft`,
      onclick: () => addToDraft(setTriggerValue, row.song.id) }, icon("add"))) : null));
  return element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": data.label },
    element("table", {},
      element("thead", {}, element("tr", {}, unseen("Hear"), ...heads, data.can_add ? unseen("Add") : null)),
      element("tbody", {}, ...body)));
}

const unseen = (title) => element("th", {}, element("span", { class: "unseen" }, title));

function heading(column, { sort, can_sort: canSort }, setTriggerValue) {
  const falling = sort === `-${column.name}`;
  const rising = sort === column.name;
  return element("th", { class: column.number ? "number" : "", title: column.help,
    "aria-sort": rising ? "ascending" : falling ? "descending" : null },
  canSort ? element("button", { onclick: () => setTriggerValue("sorted", rising ? `-${column.name}` : column.name) },
    column.title + (rising ? " ↑" : falling ? " ↓" : "")) : column.title);
}

function mark(engine, root) {
  const playing = String(engine.song()?.id ?? "");
  root.querySelectorAll("tr[data-id]").forEach((row) => row.classList.toggle("playing", row.dataset.id === playing));
  markHeard(engine, root);
}
