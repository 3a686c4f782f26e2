// The player outside its page: media keys, lock screen, the window's title, and the history of what was heard.
const HEARD_S = 240; // or half a song, as scrobblers count since Audioscrobbler

function tellSystem(engine) {
  const session = navigator.mediaSession;
  if (!session) return;
  const acts = {
    play: () => { if (!engine.playing()) engine.toggle(); },
    pause: engine.pause,
    stop: engine.pause,
    previoustrack: engine.previous,
    nexttrack: engine.next,
    seekto: ({ seekTime }) => engine.seek(seekTime),
    seekbackward: ({ seekOffset }) => engine.seek(engine.time() - (seekOffset ?? 10)),
    seekforward: ({ seekOffset }) => engine.seek(engine.time() + (seekOffset ?? 10)),
  };
  for (const [name, act] of Object.entries(acts)) {
    try { session.setActionHandler(name, act); } catch { /* not every browser knows every key */ }
  }
  engine.on((what) => {
    if (what === "song") session.metadata = metadata(engine);
    if (what === "song" || what === "state") tellState(engine, session);
  });
}

function metadata(engine) {
  const song = engine.song();
  if (!song) return null;
  const { title, artist, album } = song;
  return new MediaMetadata({ title, artist, album, artwork: [{ src: engine.url(`cover/${song.id}`) }] });
}

function tellState(engine, session) {
  session.playbackState = engine.playing() ? "playing" : engine.song() ? "paused" : "none";
  const duration = engine.duration();
  if (!engine.song() || !(duration > 0)) return session.setPositionState?.();
  session.setPositionState?.({ duration, position: Math.min(engine.time(), duration), playbackRate: 1 });
}

// Tell the catalogue what was heard: half of a song or four minutes, in seconds that sounded, not that were skipped.
function tellHistory(engine) {
  let [last, heard, told] = [0, 0, false];
  engine.on((what) => {
    if (what === "song") [last, heard, told] = [engine.time(), 0, false];
    if (what !== "time" || told || engine.isPreview || !engine.playing()) return;
    const step = engine.time() - last;
    last = engine.time();
    if (step > 0 && step < 2) heard += step;
    if (!(heard >= Math.min(engine.duration() / 2, HEARD_S))) return;
    told = true;
    fetch(engine.url(`heard/${engine.song().id}`), { method: "POST" }).catch(() => {}); // a listen may be lost, no more
  });
}

// Whether it is a clip that is heard and not the track: where the studio gives only clips, and where one stands in.
function tellClips(engine) {
  let asked = null;
  engine.on(async (what) => {
    const song = engine.song();
    if (what === "song") { engine.isPreview = engine.clips; asked = null; }
    if (what !== "state" || engine.clips || !song || asked === song || !engine.playing() || !engine.time()) return;
    asked = song;
    const answer = await fetch(engine.url(`audio/${song.id}`), { method: "HEAD" }).catch(() => null);
    if (engine.song() !== song || answer?.headers.get("X-Preview") !== "yes") return;
    engine.isPreview = true;
    engine.tell("clip");
  });
}
