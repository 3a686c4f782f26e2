// What components are drawn with. Texts of tags are hostile: they only ever become text nodes and attributes.

// Make an element: `element("button", { class: "play", "aria-label": "Play" }, "text or element", …)`.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made[name] = value;
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// The same in SVG.
function drawing(tag, attributes = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const ICONS = {
  play: "M8 5v14l11-7z", pause: "M6 5h4v14H6zm8 0h4v14h-4z", next: "M6 18l8.5-6L6 6zM16 6v12h2V6z",
  previous: "M18 6l-8.5 6 8.5 6zM6 6h2v12H6z", add: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  hear: "M12 4a8 8 0 0 0-8 8v7h5v-7H6a6 6 0 0 1 12 0h-3v7h5v-7a8 8 0 0 0-8-8z",
  grip: "M9 5h2v2H9zm4 0h2v2h-2zM9 11h2v2H9zm4 0h2v2h-2zM9 17h2v2H9zm4 0h2v2h-2z",
  locked: "M7 10V8a5 5 0 0 1 10 0v2h1v11H6V10zm2 0h6V8a3 3 0 0 0-6 0z",
  open: "M7 10V8a5 5 0 0 1 9.6-2l-1.8.8A3 3 0 0 0 9 8v2h9v11H6V10zm1 2v7h8v-7z",
  swap: "M7 4l-4 4 4 4V9h9V7H7zm10 8v3H8v2h9v3l4-4z",
  close: "M6.4 5L12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
};
function icon(name) {
  return drawing("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, drawing("path", { d: ICONS[name] }));
}

// A button by which a song is heard while the queue waits; pressed again, the queue goes on.
function hearing(engine, song) {
  return element("button", { class: "hear", "data-hear": song.id, "aria-label": `Hear ${song.title}`, title: "Hear it; the queue waits",
    "aria-pressed": String(engine.previewing?.id === song.id), onclick: () => engine.hear(song) }, icon("hear"));
}
function markHeard(engine, root) {
  const heard = String(engine.previewing?.id ?? "");
  for (const each of root.querySelectorAll(".hear")) each.setAttribute("aria-pressed", String(each.dataset.hear === heard));
}

// Seconds as people read them: 3:05, 1:02:09.
const clock = (seconds) => {
  if (!isFinite(seconds ?? NaN)) return "–:––";
  const [minutes, rest] = [Math.floor(seconds / 60), Math.floor(seconds % 60)];
  return minutes < 60 ? `${minutes}:${String(rest).padStart(2, "0")}`
    : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
};

// What a component keeps for each of its places on a page: the same object each time Streamlit calls it there.
function kept(store, parentElement, make) {
  if (!store.has(parentElement)) store.set(parentElement, make());
  return store.get(parentElement);
}
