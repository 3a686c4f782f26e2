// The outline of a song, which is also where one seeks: a slider, drawn from up to 400 peaks of one byte.
const N_BARS = 100;
const OUTLINES = new Map();

// `of` says what is drawn and sought in: `label`, `idle` (said while there is no length), song(), time(), duration() and
// seek(seconds). `nBars` is how finely it is drawn.
function makeWaveform(engine, of = whatPlays(engine), nBars = N_BARS) {
  const [all, played] = [drawing("path"), drawing("path")];
  const picture = (path, name) => drawing("svg", {
    viewBox: `0 0 ${nBars} 2`, preserveAspectRatio: "none", class: name, "aria-hidden": "true" }, path);
  const slider = element("div", {
    class: "wave", role: "slider", tabindex: 0, "aria-label": of.label, "aria-valuemin": 0 },
  picture(all, "all"), picture(played, "played"));
  let dragged = null;
  const timeAt = (event) => {
    const { left, width } = slider.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width)) * (of.duration() || 0);
  };
  const draw = () => {
    slider.classList.toggle("waits", engine.previewing !== null);
    tellPlace(slider, of, dragged ?? of.time());
  };
  slider.onpointerdown = (event) => { slider.setPointerCapture(event.pointerId); dragged = timeAt(event); draw(); };
  slider.onpointermove = (event) => { if (dragged !== null) { dragged = timeAt(event); draw(); } };
  slider.onpointercancel = () => { dragged = null; draw(); };
  slider.onpointerup = () => { if (dragged !== null) of.seek(dragged); dragged = null; draw(); };
  slider.onkeydown = (event) => seekByKey(event, of);
  const outline = async () => {
    const song = of.song();
    const peaks = song ? await outlineOf(engine, song.id) : [];
    if (of.song()?.id === song?.id) for (const path of [all, played]) path.setAttribute("d", bars(peaks, nBars));
  };
  return { slider, draw, outline, timeAt };
}

// A clip is not the whole song, and its outline is not known.
function whatPlays(engine) {
  return { label: "Place in the track", idle: "nothing plays", song: () => (engine.isPreview ? undefined : engine.song()),
    time: engine.time, duration: engine.duration, seek: engine.seek };
}

function tellPlace(slider, of, time) {
  const duration = of.duration();
  const known = duration > 0;
  slider.style.setProperty("--played", known ? `${(100 * Math.min(time, duration)) / duration}%` : "0%");
  slider.setAttribute("aria-disabled", String(!known));
  slider.setAttribute("aria-valuemax", known ? Math.round(duration) : 0);
  slider.setAttribute("aria-valuenow", known ? Math.round(time) : 0);
  slider.setAttribute("aria-valuetext", known ? `${clock(time)} of ${clock(duration)}` : of.idle);
}

function seekByKey(event, of) {
  const time = of.time();
  const to = {
    ArrowRight: time + 5, ArrowUp: time + 5, ArrowLeft: time - 5, ArrowDown: time - 5,
    PageUp: time + 30, PageDown: time - 30, Home: 0, End: of.duration(),
  }[event.key];
  if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  of.seek(to);
}

function outlineOf(engine, id) {
  const forget = () => { OUTLINES.delete(id); return []; }; // the studio does not answer now
  if (!OUTLINES.has(id)) OUTLINES.set(id, fetched(engine.url(`waveform/${id}`)).catch(forget));
  return OUTLINES.get(id);
}

async function fetched(address) {
  const answer = await fetch(address);
  return answer.ok ? Array.from(new Uint8Array(await answer.arrayBuffer())) : [];
}

// A path of bars around the middle, in units of a bar's width and half the height; thin where it is quiet or not known.
function bars(peaks, nBars) {
  const each = peaks.length / nBars;
  return Array.from({ length: nBars }, (_, place) => {
    const here = peaks.slice(Math.floor(place * each), Math.ceil((place + 1) * each));
    const height = Math.max(20, ...here) / 255;
    return `M${place + 0.15} ${1 - height}h.7v${2 * height}h-.7z`;
  }).join("");
}
