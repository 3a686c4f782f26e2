// The outline of a song, which is also where one seeks: a slider, drawn from 400 peaks of one byte.
const N_BARS = 100;
const OUTLINES = new Map();

function makeWaveform(engine) {
  const [all, played] = [drawing("path"), drawing("path")];
  const picture = (path, name) => drawing("svg", {
    viewBox: `0 0 ${N_BARS} 2`, preserveAspectRatio: "none", class: name, "aria-hidden": "true" }, path);
  const slider = element("div", {
    class: "wave", role: "slider", tabindex: 0, "aria-label": "Place in the track", "aria-valuemin": 0 },
  picture(all, "all"), picture(played, "played"));
  let dragged = null;
  const timeAt = (event) => {
    const { left, width } = slider.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width)) * (engine.duration() || 0);
  };
  const draw = () => {
    slider.classList.toggle("waits", engine.previewing !== null);
    tellPlace(slider, dragged ?? engine.time(), engine.duration());
  };
  slider.onpointerdown = (event) => { slider.setPointerCapture(event.pointerId); dragged = timeAt(event); draw(); };
  slider.onpointermove = (event) => { if (dragged !== null) { dragged = timeAt(event); draw(); } };
  slider.onpointercancel = () => { dragged = null; draw(); };
  slider.onpointerup = () => { if (dragged !== null) engine.seek(dragged); dragged = null; draw(); };
  slider.onkeydown = (event) => seekByKey(event, engine);
  const outline = async () => {
    const song = engine.song();
    const peaks = song && !engine.isPreview ? await outlineOf(engine, song.id) : [];
    if (engine.song() === song) for (const path of [all, played]) path.setAttribute("d", bars(peaks));
  };
  return { slider, draw, outline };
}

function tellPlace(slider, time, duration) {
  const known = duration > 0;
  slider.style.setProperty("--played", known ? `${(100 * Math.min(time, duration)) / duration}%` : "0%");
  slider.setAttribute("aria-disabled", String(!known));
  slider.setAttribute("aria-valuemax", known ? Math.round(duration) : 0);
  slider.setAttribute("aria-valuenow", known ? Math.round(time) : 0);
  slider.setAttribute("aria-valuetext", known ? `${clock(time)} of ${clock(duration)}` : "nothing plays");
}

function seekByKey(event, engine) {
  const to = {
    ArrowRight: engine.time() + 5, ArrowUp: engine.time() + 5, ArrowLeft: engine.time() - 5, ArrowDown: engine.time() - 5,
    PageUp: engine.time() + 30, PageDown: engine.time() - 30, Home: 0, End: engine.duration(),
  }[event.key];
  if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  engine.seek(to);
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
function bars(peaks) {
  const each = peaks.length / N_BARS;
  return Array.from({ length: N_BARS }, (_, place) => {
    const here = peaks.slice(Math.floor(place * each), Math.ceil((place + 1) * each));
    const height = Math.max(20, ...here) / 255;
    return `M${place + 0.15} ${1 - height}h.7v${2 * height}h-.7z`;
  }).join("");
}
