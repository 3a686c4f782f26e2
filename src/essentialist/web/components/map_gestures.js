// What fingers, mouse and keys do to the map: move, zoom, encircle, point at, play.
const CLOSE_PX = 14; // as near has a point to be that is pointed at
const STILL_PX = 5; // a pointer that moves less has clicked
const MOST_CORNERS = 60;
const MOST_ZOOM = 200;

function listen(map) {
  const pointers = new Map();
  const at = (event) => { const box = map.stage.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
  map.canvas.onpointerdown = (event) => {
    map.canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, at(event));
    map.pressed = at(event);
    map.tracing = map.encircles && pointers.size === 1 ? [at(event)] : null;
  };
  map.canvas.onpointermove = (event) => {
    const [now, before] = [at(event), pointers.get(event.pointerId)];
    if (!before) return event.pointerType === "touch" ? undefined : pointAt(map, now);
    if (pointers.size === 2) pinch(map, pointers, event.pointerId, now);
    else if (map.tracing) { map.tracing.push(now); redraw(map); }
    else if (!map.pressed || far(map.pressed, now)) { map.pressed = null; move(map, now[0] - before[0], now[1] - before[1]); }
    pointers.set(event.pointerId, now);
  };
  map.canvas.onpointerup = (event) => {
    pointers.delete(event.pointerId);
    if (map.tracing && map.tracing.length > 2 && map.tracing.some((each) => far(map.tracing[0], each))) return encircle(map);
    map.tracing = null;
    if (map.pressed && !far(map.pressed, at(event))) click(map, at(event), event.pointerType === "touch");
    map.pressed = null;
  };
  map.canvas.onpointercancel = (event) => { pointers.delete(event.pointerId); map.tracing = null; };
  map.canvas.onpointerleave = () => { if (!pointers.size && !map.byKey) pointAt(map, null); };
  map.canvas.onwheel = (event) => { event.preventDefault(); zoom(map, 1.0015 ** -event.deltaY, at(event)); };
  map.canvas.onkeydown = (event) => key(map, event);
}

const far = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]) > STILL_PX;

function move(map, right, down) {
  const [x, y] = reachOf(map, 1);
  map.view.x = Math.max(0, Math.min(1, map.view.x - right * x));
  map.view.y = Math.max(0, Math.min(1, map.view.y + down * y));
  redraw(map);
}

// Zoom so that what lies at a pixel stays there.
function zoom(map, factor, pixel) {
  const before = worldOf(map, pixel);
  map.view.scale = Math.max(1, Math.min(MOST_ZOOM, map.view.scale * factor));
  const after = worldOf(map, pixel);
  map.view.x = Math.max(0, Math.min(1, map.view.x + before[0] - after[0]));
  map.view.y = Math.max(0, Math.min(1, map.view.y + before[1] - after[1]));
  if (map.view.scale === 1) [map.view.x, map.view.y] = [0.5, 0.5];
  redraw(map);
}

function pinch(map, pointers, moved, now) {
  const before = [...pointers.values()];
  const after = [...pointers].map(([id, place]) => (id === moved ? now : place));
  const apart = (two) => Math.hypot(two[0][0] - two[1][0], two[0][1] - two[1][1]);
  const middle = (two) => [(two[0][0] + two[1][0]) / 2, (two[0][1] + two[1][1]) / 2];
  map.pressed = map.tracing = null;
  zoom(map, apart(after) / Math.max(1, apart(before)), middle(after));
  move(map, middle(after)[0] - middle(before)[0], middle(after)[1] - middle(before)[1]);
}

// Tell the server what was encircled: the corners that say most, in its units.
function encircle(map) {
  const every = Math.max(1, Math.ceil(map.tracing.length / MOST_CORNERS));
  const corners = map.tracing.filter((_, place) => place % every === 0)
    .map((pixel) => worldOf(map, pixel).map((part) => Math.max(0, Math.min(UNITS, Math.round(part * UNITS)))));
  map.pressed = null;
  map.ask("lasso", corners);
}

function click(map, pixel, isTouch) {
  pointAt(map, pixel);
  if (map.at >= 0 && !isTouch) songAt(map, map.at).then((song) => song && map.engine.play([song]));
}

function pointAt(map, pixel) {
  if (!map.points) return;
  map.byKey = false;
  choosePoint(map, pixel ? nearestPoint(map, worldOf(map, pixel), CLOSE_PX) : -1);
}

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

function key(map, event) {
  if (!map.points || event.ctrlKey || event.metaKey || event.altKey) return;
  const middle = [map.width / 2, map.height / 2];
  if (WAYS[event.key]) {
    map.byKey = true;
    const next = map.at < 0 ? nearestPoint(map, worldOf(map, middle), map.width) : nextPoint(map, map.at, WAYS[event.key]);
    if (next >= 0) choosePoint(map, next);
  } else if (event.key === "Enter" && map.at >= 0) songAt(map, map.at).then((song) => song && map.engine.play([song]));
  else if (event.key === "+" || event.key === "-") zoom(map, event.key === "+" ? 1.4 : 1 / 1.4, map.at < 0 ? middle : pixelOf(map, pointOf(map)));
  else if (event.key === "0") wholeMap(map);
  else if (event.key === "Escape" && map.at >= 0) pointAt(map, null);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

const pointOf = (map) => [map.points.x[map.at] / MOST, map.points.y[map.at] / MOST];

function wholeMap(map) {
  map.view = { scale: 1, x: 0.5, y: 0.5 };
  redraw(map);
}
