// What is kept in this browser: the queue of each library with the second one was at, and the listener's settings.
const SAVE_EVERY_S = 3;

function remember(engine, library) {
  const names = { queue: `essentialist.queue.${library}`, at: `essentialist.at.${library}`, settings: "essentialist.settings" };
  engine.set(settingsOf(stored(names.settings)));
  const [songs, at] = [songsOf(stored(names.queue)), stored(names.at)];
  const ours = tabs(engine);
  let saved = 0;
  const keepPlace = () => {
    saved = engine.time();
    if (ours()) store(names.at, { place: engine.place, time: saved });
  };
  engine.on((what) => {
    if (what === "queue" && ours(true)) store(names.queue, engine.songs);
    if (what === "settings") store(names.settings, engine.settings);
    const passed = Math.abs(engine.time() - saved) >= SAVE_EVERY_S;
    if (what === "queue" || what === "song" || what === "state" || (what === "time" && passed)) keepPlace();
  });
  addEventListener("pagehide", keepPlace);
  if (songs.length && !engine.songs.length) offer(engine, songs, at);
}

// What was there before stands there again, at the same second, and waits.
function offer(engine, songs, at) {
  engine.songs = songs;
  engine.tell("queue");
  const place = Number.isInteger(at?.place) && at.place < songs.length ? at.place : -1;
  if (place >= 0) engine.jump(place, { play: false, at: isFinite(at.time) ? Math.max(0, at.time) : 0 });
}

// One tab plays at a time; it is the one that keeps its queue. Gives a function that says whether this tab is it.
function tabs(engine) {
  const channel = new BroadcastChannel("essentialist");
  let [ours, played] = [false, false];
  channel.onmessage = () => { ours = false; engine.endPreview(); engine.pause(); };
  engine.on((what) => {
    const plays = engine.playing() || engine.previewing !== null;
    if ((what === "state" || what === "preview") && plays && !played) { ours = true; channel.postMessage("plays"); }
    played = plays;
  });
  return (claim = false) => { ours ||= claim; return ours; };
}

function settingsOf(found) {
  const number = (value, otherwise, most) => (isFinite(value ?? NaN) ? Math.max(0, Math.min(most, value)) : otherwise);
  return {
    volume: number(found?.volume, 1, 1), crossfade: number(found?.crossfade, 0, 12),
    muted: found?.muted === true, repeat: found?.repeat === true,
  };
}

function songsOf(found) {
  if (!Array.isArray(found)) return [];
  return found.filter((song) => Number.isInteger(song?.id)).map((song) => ({
    ...song, title: String(song.title ?? ""), artist: String(song.artist ?? ""), album: String(song.album ?? ""),
  }));
}

// A browser may have no room or no permission to keep anything; the music plays all the same.
function stored(name) {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
}

function store(name, value) {
  try { localStorage.setItem(name, JSON.stringify(value)); } catch { /* it is not kept */ }
}
