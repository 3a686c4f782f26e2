// The cover of a track, or a note where it has none.
Object.assign(ICONS, { note: "M9 18.5a3 3 0 1 1-2-2.8V5l12-2v12.5a3 3 0 1 1-2-2.8V7.4L9 8.7z" });

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".cover");
  const address = studioEngine().url(`cover/${data.id}`);
  if (root.dataset.of === address) return;
  root.dataset.of = address;
  const picture = element("img", { src: address, alt: data.label, onload: () => root.replaceChildren(picture) });
  root.replaceChildren(icon("note"));
}
