// The player in the bar at the bottom of all pages.
const MESSAGE_MS = 10_000;
const PLAYERS = new WeakMap();
Object.assign(ICONS, {
  volume: "M4 9v6h4l5 5V4L8 9zm11.5-.8v7.6a4.5 4.5 0 0 0 0-7.6z",
  muted: "M4 9v6h4l5 5V4L8 9zm10.6.4-1.4 1.4 1.7 1.7-1.7 1.7 1.4 1.4 1.7-1.7 1.7 1.7 1.4-1.4-1.7-1.7 1.7-1.7-1.4-1.4-1.7 1.7z",
  queue: "M3 6h12v2H3zm0 4h12v2H3zm0 4h8v2H3zm12 0v6l5-3z",
  drag: "M9 5h2v2H9zm4 0h2v2h-2zM9 11h2v2H9zm4 0h2v2h-2zM9 17h2v2H9zm4 0h2v2h-2z",
  repeat: "M7 7h10v3l4-4-4-4v3H5v6h2zm10 10H7v-3l-4 4 4 4v-3h12v-6h-2z",
  keys: "M3 6h18v12H3zm2 2v2h2V8zm4 0v2h2V8zm4 0v2h2V8zm4 0v2h2V8zM5 12v2h2v-2zm12 0v2h2v-2zm-8 0v2h6v-2z",
  shuffle: "M14 4h6v6l-2.2-2.2L6.4 19.2 5 17.8 16.4 6.4zM5 6.2l1.4-1.4 4.8 4.8-1.4 1.4zm8.2 8.2 1.4-1.4 3.2 3.2L20 14v6h-6l2.4-2.4z",
});

export default function ({ data, parentElement }) {
  const engine = studioEngine();
  furnish(engine, data);
  const view = kept(PLAYERS, parentElement, () => build(engine, parentElement.querySelector(".player")));
  obey(engine, data.command);
  return () => { view.off(); PLAYERS.delete(parentElement); };
}

// Once a tab: give the engine its sound, its memory and its keys.
function furnish(engine, data) {
  if (engine.furnished) return;
  Object.assign(engine, { furnished: true, clips: data.previews === "clips", isPreview: false, sound: new Sound(engine) });
  remember(engine, data.library);
  listenToKeys(engine);
  tellSystem(engine);
  tellClips(engine);
  if (data.keeps_history) tellHistory(engine);
}

// A command is carried out once: the same comes again at each rerun, and also after a reload or a reconnection.
function obey(engine, command) {
  if (!command || sessionStorage.getItem("essentialist.command") === command.number) return;
  sessionStorage.setItem("essentialist.command", command.number);
  engine.play(command.songs, command.place);
}

function build(engine, root) {
  const [queue, keys, wave] = [makeQueue(engine), makeKeys(), makeWaveform(engine)];
  const [text, controls, extras] = [makeText(engine), makeControls(engine), makeExtras(engine)];
  root.replaceChildren(queue.panel, keys.panel,
    element("div", { class: "bar" }, text.cover, controls.buttons, text.what, wave.slider, text.time, extras.buttons));
  const panels = panelsOf(queue, keys, extras, root);
  const draw = (what, byKey = false) => {
    panels[what]?.(byKey);
    if (what === "queue" || what === "settings") queue.draw();
    if (what === "song") queue.mark();
    if (what === "song" || what === "clip") wave.outline();
    if (what !== "time") for (const part of [text, controls, extras]) part.draw();
    wave.draw();
    text.tick();
  };
  wave.outline();
  draw();
  return { off: engine.on(draw) };
}

// What opens above the bar, one at a time. Who opens the queue by its key is in it, and where they were when it closes.
function panelsOf(queue, keys, extras, root) {
  let before = null;
  const close = () => {
    const inside = root.getRootNode().activeElement?.closest(".panel");
    for (const { panel } of [queue, keys]) panel.hidden = true;
    if (inside) (before?.isConnected ? before : extras.queue).focus();
    extras.open(false);
  };
  return {
    close,
    keys: () => { const open = keys.panel.hidden; close(); keys.panel.hidden = !open; },
    panel: (byKey) => {
      const open = queue.panel.hidden;
      close();
      if (!open) return;
      before = byKey ? focused() : extras.queue;
      queue.open(byKey);
      extras.open(true);
    },
  };
}

function focused() {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found;
}

function makeControls(engine) {
  const button = (label, key, act, name) => (
    element("button", { "aria-label": label, title: `${label} (${key})`, onclick: act }, icon(name)));
  const previous = button("Previous", "b", engine.previous, "previous");
  const toggle = element("button", { class: "main", onclick: engine.toggle });
  const next = button("Next", "n", engine.next, "next");
  const draw = () => {
    const plays = engine.playing() || engine.previewing !== null;
    toggle.replaceChildren(icon(plays ? "pause" : "play"));
    toggle.setAttribute("aria-label", plays ? "Pause" : "Play");
    toggle.title = `${plays ? "Pause" : "Play"} (space)`;
    toggle.disabled = !plays && engine.songs.length === 0;
    previous.disabled = engine.place < 0;
    next.disabled = !engine.songs[engine.following()];
  };
  return { buttons: element("div", { class: "controls" }, previous, toggle, next), draw };
}

function makeText(engine) {
  const [title, artist] = [element("div", { class: "title" }), element("div", { class: "artist quiet" })];
  const badge = element("span", { class: "badge" }, "preview");
  const message = element("div", { class: "message", role: "status" });
  const time = element("div", { class: "time quiet" });
  const cover = element("img", { class: "cover", alt: "", onload: () => { cover.hidden = false; } });
  let forget = 0;
  const draw = () => {
    const song = engine.previewing ?? engine.song();
    title.textContent = song?.title ?? "Nothing plays";
    artist.textContent = song?.artist ?? (engine.songs.length ? "" : "Press ▶ beside a track");
    badge.hidden = !engine.previewing && !(song && engine.isPreview);
    message.textContent = engine.message;
    clearTimeout(forget);
    if (engine.message && (engine.playing() || engine.previewing)) forget = setTimeout(() => engine.say(""), MESSAGE_MS);
    const address = song ? engine.url(`cover/${song.id}`) : "";
    if (cover.dataset.of === address) return;
    cover.hidden = true;
    cover.dataset.of = address;
    if (song) cover.src = address;
  };
  const tick = () => {
    const shown = engine.sound.loading() ? "loading…" : `${clock(engine.time())} / ${clock(engine.duration())}`;
    time.textContent = engine.song() ? shown : "";
  };
  const what = element("div", { class: "what" }, element("div", { class: "line" }, title, badge), artist, message);
  return { cover, what, time, draw, tick };
}

function makeExtras(engine) {
  const mute = element("button", { onclick: () => engine.set({ muted: !engine.settings.muted }) });
  const volume = element("input", { type: "range", min: 0, max: 1, step: 0.01, "aria-label": "Volume", class: "volume",
    oninput: () => engine.setVolume(Number(volume.value)) });
  const keys = element("button", { class: "wide", "aria-label": "Keys", title: "Keys (?)",
    onclick: () => engine.tell("keys") }, icon("keys"));
  const queue = element("button", { "aria-label": "Queue", title: "Queue (q)",
    onclick: () => engine.tell("panel") }, icon("queue"));
  const open = (is) => queue.setAttribute("aria-expanded", String(is));
  open(false);
  const draw = () => {
    const { volume: loud, muted } = engine.settings;
    const silent = muted || loud === 0;
    mute.replaceChildren(icon(silent ? "muted" : "volume"));
    mute.setAttribute("aria-label", muted ? "Sound on" : "Mute");
    mute.title = `${muted ? "Sound on" : "Mute"} (m)`;
    volume.value = muted ? 0 : loud;
  };
  const buttons = element("div", { class: "extras" }, element("span", { class: "wide" }, mute, volume), keys, queue);
  return { buttons, queue, open, draw };
}

function makeKeys() {
  const panel = element("section", { class: "panel keys", "aria-label": "Keys", hidden: true },
    element("dl", {}, ...KEYS.map(([key, does]) => (
      element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, does))))));
  return { panel };
}
