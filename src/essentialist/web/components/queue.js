// The queue as a panel above the bar: jump, reorder by drag or by Alt and arrows, remove, shuffle, clear, undo.
function makeQueue(engine) {
  const list = element("ol", { class: "list" });
  const count = element("span", { class: "quiet" });
  const told = element("span", { class: "told quiet", role: "status" });
  const undo = element("button", { class: "text", onclick: engine.undo }, "Undo");
  const tools = toolsOf(engine);
  const panel = element("section", { class: "panel queue", "aria-label": "Queue", hidden: true },
    element("header", {}, element("strong", {}, "Queue"), count, element("span", { class: "gap" }), ...tools.buttons),
    list, element("footer", {}, tools.crossfade, element("span", { class: "gap" }), told, undo));
  const draw = () => {
    if (panel.hidden) return;
    const seconds = engine.songs.reduce((sum, song) => sum + (song.seconds ?? 0), 0);
    const minutes = Math.round(seconds / 60);
    const n = engine.songs.length;
    count.textContent = n ? `${n} ${n === 1 ? "track" : "tracks"}, ${minutes} min` : "";
    list.replaceChildren(...engine.songs.map((song, place) => row(engine, song, place)));
    if (!engine.songs.length) list.append(element("li", { class: "empty quiet" }, "Empty. Press ▶ beside a track."));
    told.textContent = engine.undoable?.text ?? "";
    undo.hidden = !engine.undoable;
    tools.draw();
    mark();
  };
  const mark = () => [...list.children].forEach((each, place) => {
    each.classList.toggle("playing", place === engine.place);
    if (place === engine.place) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  });
  const open = (byKey) => {
    panel.hidden = false;
    draw();
    const playing = list.children[Math.max(0, engine.place)];
    playing.scrollIntoView({ block: "nearest" });
    if (byKey) playing.querySelector(".jump")?.focus();
  };
  reorderByDrag(engine, list);
  list.onkeydown = (event) => reorderByKey(event, engine, list, told);
  return { panel, draw, mark, open };
}

function toolsOf(engine) {
  const shuffle = element("button", { title: "Shuffle what comes", "aria-label": "Shuffle what comes",
    onclick: engine.shuffle }, icon("shuffle"));
  const repeat = element("button", { title: "Begin again at the end", "aria-label": "Repeat the queue",
    onclick: () => engine.set({ repeat: !engine.settings.repeat }) }, icon("repeat"));
  const clear = element("button", { class: "text", onclick: engine.clear }, "Clear");
  const range = element("input", { type: "range", min: 0, max: 12, step: 1, "aria-label": "Crossfade in seconds",
    oninput: () => engine.set({ crossfade: Number(range.value) }) });
  const seconds = element("span", { class: "seconds" });
  const draw = () => {
    const { settings } = engine;
    repeat.setAttribute("aria-pressed", String(settings.repeat));
    clear.disabled = shuffle.disabled = engine.songs.length === 0;
    range.value = settings.crossfade;
    seconds.textContent = settings.crossfade ? `${settings.crossfade} s` : "off";
  };
  const crossfade = element("label", { class: "crossfade quiet" }, "Crossfade", range, seconds);
  return { buttons: [shuffle, repeat, clear], crossfade, draw };
}

function row(engine, song, place) {
  const here = (act) => ({ currentTarget }) => (
    act([...currentTarget.closest("ol").children].indexOf(currentTarget.closest("li"))));
  return element("li", {},
    element("span", { class: "handle", title: "Drag to move", "aria-hidden": "true" }, icon("drag")),
    element("button", { class: "jump", title: "Alt+↑ and Alt+↓ move it, Delete removes it",
      onclick: here((at) => engine.jump(at)) },
      element("span", { class: "title" }, song.title), element("span", { class: "artist quiet" }, song.artist)),
    element("span", { class: "time quiet" }, clock(song.seconds)),
    element("button", { "aria-label": `Remove ${song.title}`, onclick: here(engine.remove) }, icon("close")));
}

// The list holds the pointer, not the row: a row that is moved in the page would lose it.
function reorderByDrag(engine, list) {
  let [dragged, from] = [null, -1];
  list.onpointerdown = (event) => {
    if (!event.target.closest(".handle")) return;
    event.preventDefault();
    list.setPointerCapture(event.pointerId);
    dragged = event.target.closest("li");
    dragged.classList.add("dragged");
    from = [...list.children].indexOf(dragged);
  };
  list.onpointermove = (event) => {
    if (!dragged) return;
    scrollAtEdges(list, event.clientY);
    const over = [...list.children].find((each) => {
      const { top, bottom } = each.getBoundingClientRect();
      return each !== dragged && event.clientY >= top && event.clientY < bottom;
    });
    if (!over) return;
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(dragged);
    else over.after(dragged);
  };
  list.onpointerup = list.onpointercancel = () => {
    if (!dragged) return;
    const to = [...list.children].indexOf(dragged);
    dragged = null;
    engine.move(from, to);
  };
}

function scrollAtEdges(list, y) {
  const { top, bottom } = list.getBoundingClientRect();
  if (y < top + 24) list.scrollTop -= 12;
  if (y > bottom - 24) list.scrollTop += 12;
}

function reorderByKey(event, engine, list, told) {
  const from = [...list.children].indexOf(event.target.closest("li"));
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  let to = from;
  if (event.altKey && step) {
    to = Math.max(0, Math.min(from + step, engine.songs.length - 1));
    if (to !== from) engine.move(from, to);
    told.textContent = `At ${to + 1} of ${engine.songs.length}`;
  } else if (event.key === "Delete") engine.remove(from);
  else if (step && !event.shiftKey) to = Math.max(0, Math.min(from + step, engine.songs.length - 1));
  else return;
  event.preventDefault();
  list.children[Math.min(to, list.children.length - 1)]?.querySelector(".jump")?.focus();
}
