// The engine: what plays, one object a browser tab. It outlives reruns and changes of page, since it lies on `window`.
//
//   engine.songs, engine.place, song()   the queue, the place of the song that plays (-1: none), and that song
//   engine.play(songs, place)            replace the queue and play        add(songs)         queue at the end
//   engine.playNow(song, seconds)        play one from there on; the queue goes on after it
//   engine.toggle() pause() next() previous() jump(place) seek(seconds)    move(from, to) remove(place) shuffle()
//   engine.clear(), undo()               empty the queue; take back a clear or a remove, as `undoable` says
//   engine.set({ volume, muted, crossfade, repeat })    0..1, true, 0..12 s, true; they are in engine.settings
//   engine.setVolume(0..1), volume()
//   engine.preview(song), endPreview()   hear a song, from a third on, while the queue waits; it is engine.previewing
//   engine.hear(song)                    the same by one button: begin, and if it is this one already, end
//   engine.playing() time() duration()   whether music is to be heard (also while it loads), seconds, seconds
//   engine.message                       what the listener should know, such as a song that cannot be played
//   engine.on(listener)                  listener("song" | "state" | "time" | "queue" | "settings" | "preview" |
//                                        "message" | "clip"); gives a function that ends it
//   engine.isPreview                     whether what plays is a clip and not the whole track; "clip" tells of it
//   engine.url(path)                     where the studio answers: engine.url("audio/12")
//
// A song is {id, title, artist, album, seconds, bpm, key}; its texts are hostile and only ever become `textContent`.
// Every component carries this file. What sounds is in sound.js, which only the player carries: it gives `engine.sound`.
function studioEngine() {
  window.essentialist ??= makeEngine();
  return window.essentialist;
}

const NO_SOUND = {
  load() {}, start() {}, pause() {}, halt() {}, seek() {}, adjust() {}, preview() {}, endPreview() {},
  wanted: false, loading: () => false, time: () => 0, duration: () => NaN,
};

function makeEngine() {
  const listeners = new Set();
  // Right at the root, below a base path, and behind a proxy that strips one: wherever Streamlit's own scripts lie.
  const script = document.querySelector('script[src*="static/js/"]');
  const root = script ? script.src.split("/static/js/")[0] : location.origin;
  const engine = {
    songs: [], place: -1, undoable: null, previewing: null, message: "", sound: NO_SOUND,
    settings: { volume: 1, muted: false, crossfade: 0, repeat: false },
    url: (path) => `${root}/api/${path}`,
    on: (listener) => { listeners.add(listener); return () => listeners.delete(listener); },
    tell: (what, ...more) => listeners.forEach((listener) => listener(what, ...more)),
    say: (message) => { engine.message = message; engine.tell("message"); },
  };
  return Object.assign(engine, playing(engine), queueing(engine));
}

function playing(engine) {
  return {
    song: () => engine.songs[engine.place],
    // The place that comes next; one where no song is at the end.
    following: () => (engine.settings.repeat && engine.place + 1 >= engine.songs.length ? 0 : engine.place + 1),
    playing: () => engine.sound.wanted,
    time: () => engine.sound.time(),
    duration: () => (isFinite(engine.sound.duration()) ? engine.sound.duration() : engine.song()?.seconds ?? NaN),
    volume: () => engine.settings.volume,
    jump(place, from = {}) {
      engine.place = place >= 0 && place < engine.songs.length ? place : -1;
      if (engine.place < 0) engine.sound.halt();
      else engine.sound.load(engine.song(), from);
      engine.tell("song");
    },
    next: () => engine.jump(engine.following()),
    previous: () => (engine.time() > 3 ? engine.seek(0) : engine.jump(Math.max(0, engine.place - 1))),
    pause: () => engine.sound.pause(),
    toggle() {
      if (engine.previewing) engine.sound.endPreview(false);
      else if (engine.playing()) engine.sound.pause();
      else if (engine.place < 0) engine.jump(0);
      else engine.sound.start();
    },
    seek: (seconds) => engine.sound.seek(Math.max(0, Math.min(seconds, engine.duration() || 0))),
    set(settings) { Object.assign(engine.settings, settings); engine.sound.adjust(); engine.tell("settings"); },
    setVolume: (volume) => engine.set({ volume: Math.max(0, Math.min(1, volume)), muted: false }),
    preview: (song) => engine.sound.preview(song),
    endPreview: () => engine.sound.endPreview(),
    hear: (song) => (engine.previewing?.id === song.id ? engine.endPreview() : engine.preview(song)),
  };
}

function queueing(engine) {
  const undoably = (text) => {
    const { songs, place } = engine;
    engine.undoable = { text, songs: [...songs], place, from: { at: engine.time(), play: engine.playing() } };
  };
  const changed = () => engine.tell("queue");
  return {
    play(songs, place = 0) { Object.assign(engine, { songs: [...songs], undoable: null }); changed(); engine.jump(place); },
    // Where it stands in the queue, else put in behind what plays.
    playNow(song, seconds = 0) {
      const there = engine.songs.findIndex((each) => each.id === song.id);
      const place = there < 0 ? engine.place + 1 : there;
      if (there < 0) {
        engine.songs.splice(place, 0, song);
        engine.undoable = null;
        changed();
      }
      engine.jump(place, { at: seconds });
    },
    add(songs) { engine.songs.push(...songs); engine.undoable = null; changed(); },
    move(from, to) {
      const song = engine.songs[from];
      engine.songs.splice(from, 1);
      engine.songs.splice(to, 0, song);
      if (engine.place === from) engine.place = to;
      else engine.place += (from > engine.place && to <= engine.place) - (from < engine.place && to >= engine.place);
      engine.undoable = null;
      changed();
    },
    remove(place) {
      undoably("Removed one");
      const [was, plays] = [engine.place, engine.playing()];
      engine.songs.splice(place, 1);
      if (place < was) engine.place -= 1;
      changed();
      if (place === was) engine.jump(place, { play: plays });
    },
    clear() { undoably("Cleared"); engine.songs = []; changed(); engine.jump(-1); },
    undo() {
      const { songs, place, from } = engine.undoable;
      const plays = engine.song();
      Object.assign(engine, { songs, place, undoable: null });
      changed();
      if (engine.song() !== plays) engine.jump(place, from);
    },
    // What comes is shuffled; what plays and what was heard stays (Fisher and Yates).
    shuffle() {
      for (let last = engine.songs.length - 1; last > engine.place + 1; last -= 1) {
        const one = engine.place + 1 + Math.floor(Math.random() * (last - engine.place));
        [engine.songs[last], engine.songs[one]] = [engine.songs[one], engine.songs[last]];
      }
      engine.undoable = null;
      changed();
    },
  };
}
