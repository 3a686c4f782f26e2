// The draft. What is dragged, locked or removed is so at once; the studio hears the whole arrangement afterwards, so that
// nothing is lost when it is slow. A row is moved with its handle, or with Alt and an arrow where the focus is in it.
const DRAFTS = new WeakMap();
const PATIENCE_MS = 5000; // how long it is waited until what was done is told again: what is clicked may get lost

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".draft");
  const view = kept(DRAFTS, parentElement, () => buildDraft(root));
  view.send = (told) => setTriggerValue("done", told); // of two values in one run Streamlit passes on the later
  view.number = Math.max(view.number, data.known);
  view.told = view.told.filter((what) => what.number > data.known);
  if (view.drop) view.waiting = data; // a row is in somebody's hand: it is not taken away
  else if (!view.told.length) adopt(view, data);
  return () => { view.off(); clearTimeout(view.again); DRAFTS.delete(parentElement); };
}

function done(view, what) {
  view.number += 1;
  view.told.push({ ...what, number: view.number });
  tell(view);
}

function tell(view) {
  clearTimeout(view.again);
  if (!view.told.length) return;
  view.send([...view.told]);
  view.again = setTimeout(() => tell(view), PATIENCE_MS);
}

function buildDraft(root) {
  const engine = studioEngine();
  const view = { engine, root, lines: [], removed: [], offers: null, told: [], number: 0 };
  view.curve = element("div", { class: "curve" });
  view.list = element("ol", { "aria-label": "Draft" });
  view.tools = element("div", { class: "tools", role: "toolbar", "aria-label": "Draft" });
  root.replaceChildren(view.tools, view.curve, view.list);
  root.onkeydown = (event) => keyed(view, event);
  view.off = engine.on((what) => {
    if (what === "song" || what === "state") markPlaying(view);
    if (what === "preview") markHeard(engine, view.list);
  });
  return view;
}

function adopt(view, data) {
  view.data = data;
  view.lines = [...data.lines];
  view.removed = [];
  drawDraft(view);
}

function drawDraft(view) {
  const focused = focusOf(view.root);
  view.tools.replaceChildren(...tools(view));
  drawCurve(view.curve, view.lines);
  view.list.replaceChildren(...view.lines.map((line, place) => row(view, line, place)),
    ...(view.data.n_more ? [element("li", { class: "quiet more" }, `and ${view.data.n_more} more`)] : []));
  markPlaying(view);
  focused(view.root);
}

// After a drawing the focus is where it was: in the row of the same track, on the same button.
function focusOf(root) {
  const focused = root.getRootNode().activeElement;
  const act = focused?.dataset?.act;
  const id = focused?.closest?.("li[data-id]")?.dataset.id;
  return (drawn) => {
    if (!act || !root.contains(drawn)) return;
    const within = id ? drawn.querySelector(`li[data-id="${id}"]`) : drawn;
    within?.querySelector(`[data-act="${act}"]`)?.focus();
  };
}

function tools(view) {
  if (!view.lines.length && !view.data.can_undo) return [];
  const songs = view.lines.map((line) => line.song);
  const seconds = songs.reduce((sum, song) => sum + (song.seconds ?? 0), 0);
  const tool = (act, label, onclick, enabled) => element("button", { "data-act": act, disabled: !enabled, onclick }, label);
  const some = songs.length > 0;
  return [
    element("button", { class: "main", "data-act": "play-all", disabled: !some, "aria-label": "Play the draft",
      onclick: () => view.engine.play(songs, 0) }, icon("play"), "Play"),
    element("span", { class: "length" }, `${songs.length + view.data.n_more} tracks · ${clock(seconds)}`),
    tool("undo", "Undo", () => done(view, { kind: "undo" }), view.data.can_undo),
    tool("redo", "Redo", () => done(view, { kind: "redo" }), view.data.can_redo),
    tool("smooth", "Smooth", () => done(view, { kind: "order", how: "smooth" }), songs.length > 2),
    tool("shuffle", "Shuffle", () => done(view, { kind: "order", how: "shuffle" }), songs.length > 1),
    tool("clear", "Clear", () => done(view, { kind: "clear" }), some),
  ];
}

function row(view, line, place) {
  const { song } = line;
  const act = (name, label, inner, onclick, others = {}) =>
    element("button", { "data-act": name, "aria-label": label, title: label, onclick, ...others }, inner);
  const handle = act("move", `Move ${song.title}: Alt and an arrow, or drag`, icon("grip"), null, { class: "grip" });
  handle.onpointerdown = (event) => drag(view, event, line);
  const made = element("li", { "data-id": song.id, class: line.locked ? "locked" : "" },
    handle,
    act("play", `Play ${song.title}`, icon("play"), () => view.engine.play(view.lines.map((each) => each.song), place)),
    element("div", { class: "what" }, element("div", { class: "title" }, song.title),
      element("div", { class: "quiet artist" }, song.artist), element("div", { class: "quiet why", title: line.why }, line.why)),
    element("div", { class: "numbers quiet" }, element("span", {}, song.bpm ? `${Math.round(song.bpm)} BPM` : ""),
      element("span", {}, song.key), element("span", {}, clock(song.seconds))),
    act("lock", `Keep ${song.title} where it is`, icon(line.locked ? "locked" : "open"), () => toggleLock(view, line),
      { "aria-pressed": String(line.locked) }),
    act("swap", `Swap ${song.title} for a similar one`, icon("swap"), () => offer(view, line)),
    act("remove", `Remove ${song.title}`, icon("close"), () => removeLine(view, line)));
  if (view.offers?.id === song.id) made.append(offered(view, line));
  return made;
}

function arranged(view) {
  drawDraft(view);
  done(view, { kind: "arrange", ids: view.lines.map((line) => line.song.id), removed: view.removed,
    locked: view.lines.filter((line) => line.locked).map((line) => line.song.id) });
}

function toggleLock(view, line) {
  view.lines = view.lines.map((each) => (each === line ? { ...line, locked: !line.locked } : each));
  arranged(view);
}

function removeLine(view, line) {
  view.removed.push(line.song.id);
  view.lines = view.lines.filter((each) => each !== line);
  arranged(view);
}

function moveLine(view, line, place) {
  const others = view.lines.filter((each) => each !== line);
  others.splice(Math.max(0, Math.min(place, others.length)), 0, line);
  view.lines = others;
}

function keyed(view, event) {
  const id = Number(event.target.closest("li[data-id]")?.dataset.id ?? NaN);
  const place = view.lines.findIndex((line) => line.song.id === id);
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (place >= 0 && event.altKey && step) {
    moveLine(view, view.lines[place], place + step);
    arranged(view);
  } else if (place >= 0 && event.key === "Delete") removeLine(view, view.lines[place]);
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") done(view, { kind: event.shiftKey ? "redo" : "undo" });
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// Drag by mouse, pen or finger: the row goes where the pointer is, and the curve with it. The list hears the pointer, for
// a row that is moved in the page lets go of it.
function drag(view, event, line) {
  const row = view.list.querySelector(`li[data-id="${line.song.id}"]`);
  const before = view.lines.indexOf(line);
  row.classList.add("dragged");
  view.list.setPointerCapture(event.pointerId);
  view.list.onpointermove = (moved) => carry(view, row, line, moved.clientY);
  view.drop = () => {
    view.list.onpointermove = view.list.onpointerup = view.list.onpointercancel = view.drop = null;
    row.classList.remove("dragged");
    if (view.lines.indexOf(line) !== before) arranged(view);
    else if (view.waiting) adopt(view, view.waiting);
    view.waiting = null;
  };
  view.list.onpointerup = view.list.onpointercancel = view.drop;
}

function carry(view, row, line, y) {
  const others = [...view.list.querySelectorAll("li[data-id]")].filter((each) => each !== row);
  const place = others.filter((each) => middle(each) < y).length;
  if (view.lines.indexOf(line) === place) return;
  moveLine(view, line, place);
  view.list.insertBefore(row, others[place] ?? view.list.querySelector(".more"));
  drawCurve(view.curve, view.lines);
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}

// Three similar ones below the row, to hear before one takes its place.
async function offer(view, line) {
  if (view.offers?.id === line.song.id) view.offers = null;
  else {
    const without = view.lines.map((each) => each.song.id).join(",");
    const answer = await fetch(view.engine.url(`similar/${line.song.id}?without=${without}`));
    view.offers = { id: line.song.id, songs: answer.ok ? await answer.json() : [] };
  }
  drawDraft(view);
}

function offered(view, line) {
  const take = (song) => { view.offers = null; done(view, { kind: "swap", id: line.song.id, other: song.id }); };
  const choices = view.offers.songs.map((song) => element("div", { class: "offer" },
    hearing(view.engine, song),
    element("span", { class: "what" }, [song.title, song.artist].filter(Boolean).join(" · ")),
    element("button", { class: "take", "aria-label": `Take ${song.title} instead`, onclick: () => take(song) }, "Take")));
  const none = element("div", { class: "quiet" }, "Nothing in the library can be compared with it.");
  return element("div", { class: "offers", role: "group", "aria-label": `In place of ${line.song.title}` },
    ...(choices.length ? choices : [none]));
}

function markPlaying(view) {
  const playing = String(view.engine.song()?.id ?? "");
  view.list.querySelectorAll("li[data-id]").forEach((each) => each.classList.toggle("playing", each.dataset.id === playing));
}
