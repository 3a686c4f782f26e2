// Keys that work anywhere on the page, unless somebody types or the widget that has the focus wants them itself.
const KEYS = [
  ["Space", "play, pause"], ["n", "next"], ["b", "back"], ["Shift ←", "10 s back"], ["Shift →", "10 s on"],
  ["m", "mute"], ["q", "queue"], ["?", "these keys"], ["Esc", "close"],
];
const TYPING = "input:not([type=range], [type=checkbox], [type=radio]), textarea, select, [contenteditable]:not("
  + "[contenteditable=false]), [role=textbox], [role=combobox], [role=listbox], [role=option], [role=menu], [role=menuitem],"
  + " [role=grid], [role=spinbutton]";
const PRESSED_BY_SPACE = "button, a[href], summary, input, [role=button], [role=tab], [role=switch], [role=checkbox],"
  + " [role=radio]";
const MOVED_BY_ARROWS = "input, [role=slider], [role=tab], [role=radiogroup]";

function listenToKeys(engine) {
  // A button that was clicked keeps the focus without wanting the space bar; one that was reached by Tab wants it.
  let clicked = null;
  document.addEventListener("pointerdown", (event) => { clicked = event.composedPath()[0]; }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab") clicked = null;
    const act = actOf(event, engine);
    if (!act || !isFree(event, clicked)) return;
    if (event.key !== "Escape") event.preventDefault();
    act();
  });
}

function actOf(event, engine) {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (event.key === "?") return () => engine.tell("keys");
  if (event.key === "Escape") return () => engine.tell("close");
  if (event.shiftKey) {
    const step = { ArrowLeft: -10, ArrowRight: 10 }[event.key];
    return step && (() => engine.seek(engine.time() + step));
  }
  if (event.repeat) return undefined;
  return {
    " ": engine.toggle, n: engine.next, b: engine.previous, q: () => engine.tell("panel", true),
    m: () => engine.set({ muted: !engine.settings.muted }),
  }[event.key];
}

function isFree(event, clicked) {
  const target = event.composedPath()[0];
  if (event.defaultPrevented || !target.closest || target.closest(TYPING)) return false;
  if (event.key.startsWith("Arrow")) return !target.closest(MOVED_BY_ARROWS);
  const button = event.key === " " && target.closest(PRESSED_BY_SPACE);
  return !button || (clicked !== null && button.contains(clicked));
}
