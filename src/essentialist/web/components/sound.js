// What sounds: two audio elements that take turns, so that the next song is loaded before it is due and can fade in while
// the last one fades out, and a third for previews. They are never replaced: iOS unlocks an element, in a gesture.
const PREPARE_S = 10;
const RAMP_MS = 40;
const RETRY_MS = 1500;
const N_RETRIES = 3;
const CLICK_FIRST = "The browser plays only after a click: click once, anywhere.";

class Sound {
  constructor(engine) {
    [this.current, this.other, this.ear] = [new Audio(), new Audio(), new Audio()];
    // `wanted`: music is to be heard, also while it loads. `waits`: the queue goes on after the preview.
    Object.assign(this, { engine, wanted: false, waits: false, fade: null, failures: 0, retries: 0, converted: new Set() });
    for (const audio of [this.current, this.other]) this.listen(audio);
    this.ear.addEventListener("ended", () => this.endPreview());
    this.ear.addEventListener("error", () => this.missed());
    const first = { capture: true, once: true };
    for (const gesture of ["click", "keydown"]) document.addEventListener(gesture, () => this.unlock(), first);
  }

  listen(audio) {
    const heed = (event, act) => audio.addEventListener(event, () => { if (audio === this.current) act(); });
    heed("timeupdate", () => this.progress());
    heed("ended", () => { if (audio.ended) this.engine.next(); });
    heed("error", () => this.failed());
    heed("playing", () => { this.failures = this.retries = 0; });
    // The system may pause and play without asking: a call, headphones that are pulled out.
    heed("pause", () => { if (audio.paused && !audio.ended && !audio.error) this.wanted = false; });
    heed("play", () => { if (!audio.paused) this.wanted = true; });
    for (const event of ["playing", "pause", "play", "waiting", "durationchange", "seeked"]) {
      heed(event, () => this.engine.tell("state"));
    }
  }

  // To load in a gesture is enough for WebKit. A silent clip, which is often played instead, makes Chromium's media
  // session pause the song that starts beside it.
  unlock() {
    for (const audio of [this.current, this.other, this.ear]) if (!audio.src) audio.load();
  }

  address(song) { return this.engine.url(`audio/${song.id}${this.converted.has(song.id) ? "?everywhere" : ""}`); }
  loading() { return this.wanted && this.current.readyState < HTMLMediaElement.HAVE_FUTURE_DATA; }
  time() { return this.current.currentTime; }
  duration() { return this.current.duration; }

  load(song, { play = true, at = 0 } = {}) {
    this.endPreview(false);
    this.cut();
    this.retries = 0;
    if (this.other.src === this.address(song) && !this.other.error) this.swap();
    else this.current.src = this.address(song);
    this.current.currentTime = at;
    this.adjust();
    if (play) this.start();
    else this.pause();
  }

  swap() {
    [this.current, this.other] = [this.other, this.current];
    this.other.pause();
  }

  start() {
    const audio = this.current;
    this.endPreview(false);
    this.wanted = true;
    if (audio.error) this.reload(audio.currentTime);
    audio.play().catch((refusal) => {
      if (audio !== this.current || refusal.name !== "NotAllowedError") return;
      this.wanted = false;
      this.engine.say(CLICK_FIRST);
      this.engine.tell("state");
    });
    this.engine.tell("state");
  }

  reload(at) {
    this.current.load();
    this.current.currentTime = at;
  }

  pause() {
    this.wanted = this.waits = false;
    this.cut();
    this.current.pause();
    this.engine.tell("state");
  }

  halt() {
    this.endPreview(false);
    this.pause();
  }

  seek(seconds) {
    this.cut();
    this.current.currentTime = seconds;
    this.engine.tell("time");
  }

  // The settings as they are now.
  adjust() {
    const { volume, muted } = this.engine.settings;
    for (const audio of [this.current, this.other, this.ear]) audio.muted = muted;
    this.ear.volume = volume;
    if (!this.fade) this.current.volume = volume;
  }

  progress() {
    const { engine } = this;
    const [left, next] = [this.duration() - this.time(), engine.songs[engine.following()]];
    engine.tell("time");
    if (!next || !this.wanted || this.fade || !isFinite(left)) return;
    const seconds = Math.min(engine.settings.crossfade, this.duration() / 3);
    if (left < seconds + PREPARE_S) this.prepare(next);
    if (left > 0 && left <= seconds && this.other.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA) this.crossfade(left);
  }

  prepare(song) {
    if (this.other.src === this.address(song)) return;
    this.other.preload = "auto";
    this.other.src = this.address(song);
  }

  // With equal power: the squares of the two volumes have always the same sum.
  crossfade(seconds) {
    const { engine, current: leaving } = this;
    [this.current, this.other] = [this.other, leaving];
    this.current.currentTime = 0;
    engine.place = engine.following();
    const began = performance.now();
    const ramp = () => {
      const share = Math.min(1, (performance.now() - began) / 1000 / seconds);
      this.current.volume = engine.settings.volume * Math.sin((share * Math.PI) / 2);
      leaving.volume = engine.settings.volume * Math.cos((share * Math.PI) / 2);
      if (share === 1) this.cut();
    };
    this.fade = { leaving, timer: setInterval(ramp, RAMP_MS) };
    ramp();
    this.start();
    engine.tell("song");
  }

  cut() {
    if (!this.fade) return;
    clearInterval(this.fade.timer);
    this.fade.leaving.pause();
    this.fade = null;
    this.adjust();
  }

  async failed() {
    const { engine, current: audio, current: { error, currentTime } } = this;
    const song = engine.song();
    if (!song || !this.wanted) return;
    const why = await whyNot(this.address(song));
    if (audio.error !== error || engine.song() !== song || !this.wanted) return; // one went on meanwhile
    if (why.there && error.code !== MediaError.MEDIA_ERR_NETWORK && this.convert(song)) return this.again(currentTime);
    const broke = why.there && error.code === MediaError.MEDIA_ERR_NETWORK && this.retries++ < N_RETRIES;
    if (!why.wait && !broke) return this.skip(song, why);
    if (why.wait) engine.say(why.text);
    setTimeout(() => { if (audio.error === error && this.wanted) this.again(currentTime); }, RETRY_MS);
  }

  again(at) {
    this.current.src = this.address(this.engine.song());
    this.current.currentTime = at;
    this.start();
  }

  // Ask for a song in the form that every browser plays, from now on; false where that was asked for before.
  convert(song) {
    return !this.converted.has(song.id) && Boolean(this.converted.add(song.id));
  }

  // Go on with the next song, but not round and round where none can be played.
  skip(song, why) {
    const { engine } = this;
    this.failures += 1;
    const all = this.failures >= engine.songs.length;
    engine.say(all ? `Nothing in the queue can be played: “${song.title}” ${why.text}.` : `“${song.title}” ${why.text}.`);
    if (all) this.pause();
    else engine.next();
  }

  preview(song) {
    const { engine } = this;
    if (engine.previewing?.id === song.id) return;
    if (!engine.previewing) this.waits = this.wanted;
    this.cut();
    this.wanted = false;
    this.current.pause();
    engine.previewing = song;
    this.hear(song);
    engine.tell("preview");
  }

  // From a third on, where a song is more itself than at its beginning; a clip was chosen for that, and starts there.
  hear(song) {
    const { engine, ear } = this;
    ear.src = `${this.address(song)}#t=${engine.clips ? 0 : Math.floor((song.seconds ?? 0) / 3)}`;
    ear.play().catch((refusal) => {
      if (engine.previewing !== song || refusal.name !== "NotAllowedError") return;
      engine.say(CLICK_FIRST);
      this.endPreview();
    });
  }

  endPreview(goOn = true) {
    const { engine } = this;
    if (!engine.previewing) return;
    engine.previewing = null;
    this.ear.pause();
    if (goOn && this.waits) this.start();
    this.waits = false;
    engine.tell("preview");
  }

  async missed() {
    const song = this.engine.previewing;
    if (!song) return;
    const why = await whyNot(this.address(song));
    if (this.engine.previewing !== song) return;
    if (why.there && this.convert(song)) return this.hear(song);
    this.engine.say(why.wait ? why.text : `“${song.title}” ${why.text}.`);
    this.endPreview();
  }
}

const WHY = {
  403: "is not given out", 404: "is not in the library any more", 410: "is not where it was",
  415: "is damaged: nothing can play it",
};

// Why a song does not play: the audio element itself does not tell. `wait` where it may play later.
async function whyNot(address) {
  try {
    const answer = await fetch(address, { method: "HEAD", cache: "no-store" });
    if (answer.ok) return { there: true, text: "cannot be played by this browser" };
    if (answer.status === 503) return { wait: true, text: "Many tracks are being converted; this one waits." };
    return { text: WHY[answer.status] ?? `is not given out (${answer.status})` };
  } catch {
    return { wait: true, text: "The studio does not answer. The music goes on when it does." };
  }
}
