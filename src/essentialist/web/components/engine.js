// The engine: what plays, one object a browser tab. It outlives reruns and changes of page, since it lies on `window`.
//
//   engine.songs, engine.place      the queue, and the place of the song that plays (-1: none)
//   engine.play(songs, place)       replace the queue and play        engine.add(songs)    queue at the end
//   engine.toggle() next() previous() seek(seconds) setVolume(0..1)   engine.move(from, to), remove(place)
//   engine.preview(song), endPreview()   hear a song while the queue waits
//   engine.on(listener)             listener("song" | "state" | "time" | "queue"); gives a function that ends it
//   engine.url(path)                where the studio answers: engine.url("audio/12")
//
// A song is {id, title, artist, album, seconds, bpm, key}; its texts are hostile and only ever become `textContent`.
function studioEngine() {
  if (window.essentialist) return window.essentialist;
  const listeners = new Set();
  const tell = (what) => listeners.forEach((listener) => listener(what));
  const audio = new Audio();
  const engine = { songs: [], place: -1 };
  window.essentialist = engine;

  // Right at the root, below a base path, and behind a proxy that strips one: wherever Streamlit's own scripts lie.
  const script = document.querySelector('script[src*="static/js/"]');
  const root = script ? script.src.split("/static/js/")[0] : location.origin;
  engine.url = (path) => `${root}/api/${path}`;
  engine.on = (listener) => { listeners.add(listener); return () => listeners.delete(listener); };

  engine.song = () => engine.songs[engine.place];
  engine.playing = () => !audio.paused;
  engine.time = () => audio.currentTime;
  engine.duration = () => (isFinite(audio.duration) ? audio.duration : engine.song()?.seconds ?? 0);
  const load = (place) => {
    if (place < 0 || place >= engine.songs.length) { engine.place = -1; audio.pause(); tell("song"); return; }
    engine.place = place;
    audio.src = engine.url(`audio/${engine.song().id}`);
    audio.play().catch(() => tell("state"));
    tell("song");
  };
  engine.play = (songs, place = 0) => { engine.songs = [...songs]; tell("queue"); load(place); };
  engine.add = (songs) => { engine.songs.push(...songs); tell("queue"); };
  engine.next = () => load(engine.place + 1);
  engine.previous = () => (audio.currentTime > 3 ? engine.seek(0) : load(Math.max(0, engine.place - 1)));
  engine.jump = load;
  engine.toggle = () => {
    if (engine.place < 0) return engine.songs.length ? load(0) : undefined;
    return audio.paused ? audio.play().catch(() => tell("state")) : audio.pause();
  };
  engine.seek = (seconds) => { audio.currentTime = seconds; tell("time"); };
  engine.setVolume = (volume) => { audio.volume = volume; tell("state"); };
  engine.volume = () => audio.volume;
  engine.preview = () => {};
  engine.endPreview = () => {};
  for (const event of ["play", "pause", "error"]) audio.addEventListener(event, () => tell("state"));
  audio.addEventListener("timeupdate", () => tell("time"));
  audio.addEventListener("ended", engine.next);
  return engine;
}

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
  close: "M6.4 5L12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z",
};
function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}

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
