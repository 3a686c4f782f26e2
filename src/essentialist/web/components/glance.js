// A playlist at a glance, which plays from its first track on.
export default function ({ data, parentElement }) {
  const engine = studioEngine();
  const songs = data.lines.map((line) => line.song);
  const seconds = songs.reduce((sum, song) => sum + (song.seconds ?? 0), 0);
  const curve = element("div", { class: "curve" });
  drawCurve(curve, data.lines);
  parentElement.querySelector(".glance").replaceChildren(
    element("div", { class: "line" },
      element("button", { class: "main", "aria-label": `Play ${data.title}`, disabled: !songs.length,
        onclick: () => engine.play(songs, 0) }, icon("play")),
      element("span", {}, `${songs.length} ${songs.length === 1 ? "track" : "tracks"} · ${clock(seconds)}`)),
    curve);
}
