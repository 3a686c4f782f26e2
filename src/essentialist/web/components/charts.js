// What the charts of the studio share: marks that are links to the tracks they count, and what is said of them.

const count = (n) => n.toLocaleString("en");
const tracksIn = (n) => `${count(n)} ${n === 1 ? "track" : "tracks"}`;

// Make a mark a link to the page Explore with a query. A plain click goes there without loading the studio anew, so that
// the music plays on; the address serves new tabs. `label` is said by the tip, and by screen readers.
function linked(mark, { query, label }, ask) {
  mark.setAttribute("href", studioEngine().url(`../explore?${new URLSearchParams({ q: query })}`));
  mark.setAttribute("aria-label", label);
  mark.dataset.tip = label;
  mark.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(query);
  };
  return mark;
}

// One stop of the Tab key for many marks: the arrow keys go on from there. `across` marks lie in a row.
function oneStop(root, marks, across = marks.length) {
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across };
  marks.forEach((mark, place) => mark.setAttribute("tabindex", place ? -1 : 0));
  root.onkeydown = (event) => {
    const here = marks.indexOf(event.target.closest("a"));
    const there = marks[here + (steps[event.key] ?? NaN)];
    if (here < 0 || !there) return;
    event.preventDefault();
    marks[here].setAttribute("tabindex", -1);
    there.setAttribute("tabindex", 0);
    there.focus();
  };
}

// A line beside whatever is pointed at or has the focus, with the text of its `data-tip`.
function withTip(root) {
  const tip = element("div", { class: "tip", "aria-hidden": "true" });
  const show = (event) => {
    const mark = event.target.closest("[data-tip]");
    tip.classList.toggle("shown", Boolean(mark));
    if (!mark) return;
    tip.textContent = mark.dataset.tip;
    const [around, at] = [root.getBoundingClientRect(), mark.getBoundingClientRect()];
    const left = at.left + at.width / 2 - around.left - tip.offsetWidth / 2;
    tip.style.left = `${Math.max(0, Math.min(left, around.width - tip.offsetWidth))}px`;
    const above = at.top - around.top - tip.offsetHeight - 6;
    tip.style.top = `${above < 0 ? at.bottom - around.top + 6 : above}px`;
  };
  const hide = () => tip.classList.remove("shown");
  root.onpointerover = show;
  root.addEventListener("focusin", show);
  root.addEventListener("focusout", hide);
  root.onpointerleave = hide;
  root.append(tip);
}

// How strong the colour of a mark is, in per cent: by the root of its count, so that the few are seen beside the many.
const strength = (n, most) => Math.round(8 + 92 * Math.sqrt(n / most));
