// The outline of one track, large: ▶, and where one goes to any place of it. What is done here starts the track where
// another plays, and the queue goes on after it.
const MOST_BARS = 400;
const BAR_PX = 3;
const STEPS_S = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const LABEL_PX = 90;
const OUTLINED = new WeakMap();

export default function ({ data, parentElement }) {
  const engine = studioEngine();
  const root = parentElement.querySelector(".outline");
  const view = kept(OUTLINED, parentElement, () => ({}));
  if (view.told !== JSON.stringify(data)) {
    view.off?.();
    Object.assign(view, { told: JSON.stringify(data), off: show(engine, data, root) });
  }
  return () => { view.off(); OUTLINED.delete(parentElement); };
}

function show(engine, data, root) {
  const of = placesIn(engine, data.song);
  const plays = button(engine, data.song, of);
  const place = element("div", { class: "place" });
  root.replaceChildren(data.can_hear ? plays.toggle : "", place);
  let wave = null;
  const draw = () => { plays.draw(); wave?.draw(); };
  // As many bars as there is room for.
  const fit = () => {
    const nBars = Math.max(1, Math.min(MOST_BARS, Math.floor(place.clientWidth / BAR_PX)));
    if (wave?.nBars === nBars) return;
    wave = placed(engine, data, { of, nBars, place });
    draw();
  };
  const observer = new ResizeObserver(fit);
  observer.observe(place);
  const off = engine.on((what) => { if (what === "clip" || what === "song") fit(); draw(); });
  return () => { observer.disconnect(); off(); };
}

function button(engine, song, of) {
  const toggle = element("button", { class: "main", onclick: () => (of.isHere() ? engine.toggle() : engine.playNow(song)) });
  const draw = () => {
    const sounds = of.isHere() && engine.playing();
    if (toggle.dataset.sounds === String(sounds)) return;
    toggle.dataset.sounds = sounds;
    toggle.replaceChildren(icon(sounds ? "pause" : "play"));
    toggle.setAttribute("aria-label", sounds ? "Pause this track" : "Play this track");
  };
  return { toggle, draw };
}

// The track as what one seeks in, whether it plays or not.
function placesIn(engine, song) {
  const isHere = () => engine.song()?.id === song.id;
  return {
    isHere, label: `Place in ${song.title}`, idle: "its length is not known", song: () => song,
    time: () => (isHere() ? engine.time() : 0),
    duration: () => song.seconds ?? (isHere() ? engine.duration() : NaN),
    seek: (seconds) => (isHere() ? engine.seek(seconds) : engine.playNow(song, Math.max(0, seconds))),
  };
}

// A clip has no place in the outline: there it is only looked at.
function placed(engine, data, { of, nBars, place }) {
  const wave = makeWaveform(engine, of, nBars);
  const pointed = element("div", { class: "pointed", "aria-hidden": "true" });
  wave.slider.append(pointed);
  wave.slider.addEventListener("pointermove", (event) => {
    pointed.textContent = clock(wave.timeAt(event));
    pointed.style.left = `${(100 * wave.timeAt(event)) / of.duration()}%`;
  });
  const still = () => !data.can_seek || (of.isHere() && engine.isPreview);
  const draw = () => {
    wave.draw();
    wave.slider.classList.toggle("still", still());
    wave.slider.inert = still();
    if (still()) wave.slider.style.setProperty("--played", "0%");
  };
  place.replaceChildren(wave.slider, axis(of.duration(), place.clientWidth));
  if (data.has_outline) wave.outline();
  else place.prepend(element("p", { class: "quiet" }, "No outline of it is known."));
  return { nBars, draw };
}

// Times below the outline, so many that they do not touch.
function axis(seconds, width) {
  const step = STEPS_S.find((each) => (each / seconds) * width >= LABEL_PX) ?? seconds;
  const times = seconds > 0 ? Array.from({ length: Math.floor(seconds / step) + 1 }, (_, number) => number * step) : [];
  return element("div", { class: "axis quiet", "aria-hidden": "true" }, ...times.map((time) => (
    element("span", { style: `left: ${(100 * time) / seconds}%` }, clock(time)))));
}
