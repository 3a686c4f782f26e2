// The player in the bar at the bottom of all pages.
const PLAYERS = new WeakMap();

export default function ({ data, parentElement }) {
  const engine = studioEngine();
  const view = kept(PLAYERS, parentElement, () => build(engine, parentElement.querySelector(".player")));
  if (data.command && window.essentialistCommand !== data.command.number) {
    window.essentialistCommand = data.command.number;
    engine.play(data.command.songs, data.command.place);
  }
  return () => { view.off(); PLAYERS.delete(parentElement); };
}

function build(engine, root) {
  const toggle = element("button", { class: "main", "aria-label": "Play", onclick: engine.toggle }, icon("play"));
  const title = element("div", { class: "title" });
  const artist = element("div", { class: "artist quiet" });
  const time = element("div", { class: "time quiet" });
  root.replaceChildren(
    element("button", { "aria-label": "Previous", onclick: engine.previous }, icon("previous")),
    toggle,
    element("button", { "aria-label": "Next", onclick: engine.next }, icon("next")),
    element("div", { class: "what" }, title, artist),
    time,
  );
  const draw = () => {
    const song = engine.song();
    title.textContent = song ? song.title : "Nothing plays";
    artist.textContent = song ? song.artist : "";
    time.textContent = song ? `${clock(engine.time())} / ${clock(engine.duration())}` : "";
    toggle.replaceChildren(icon(engine.playing() ? "pause" : "play"));
    toggle.setAttribute("aria-label", engine.playing() ? "Pause" : "Play");
  };
  draw();
  return { off: engine.on(draw) };
}
