// The map's points: columns of all tracks, fetched once; which of them are found; and which lies nearest to a place.
const NOWHERE = 65535;
const MOST = 65534;
const CELLS = 64; // of the grid in which points are looked for, in each direction
const COLUMNS = new Map(); // what was fetched last, by its path

function fetchColumn(engine, path, kind = Uint16Array) {
  if (!COLUMNS.has(path)) {
    COLUMNS.set(path, fetch(engine.url(path)).then(async (answer) => {
      if (!answer.ok) throw new Error((await answer.json()).error);
      return new kind(await answer.arrayBuffer());
    }));
    COLUMNS.get(path).catch(() => COLUMNS.delete(path));
    if (COLUMNS.size > 12) COLUMNS.delete(COLUMNS.keys().next().value);
  }
  return COLUMNS.get(path);
}

async function fetchPoints(engine, data) {
  const [differences, x, y, kinds] = await Promise.all([
    fetchColumn(engine, data.ids, Int32Array), ...data.axes.map((axis) => fetchColumn(engine, axis.path)),
    data.colours ? fetchColumn(engine, data.colours.path) : new Uint16Array(data.n)]);
  const ids = new Int32Array(differences.length);
  differences.reduce((sum, difference, place) => (ids[place] = sum + difference), 0);
  return { n: ids.length, ids, x, y, kinds, grid: gridOf(x, y) };
}

// The places of points cell by cell: those of cell k are order[starts[k]] up to order[starts[k + 1]].
function gridOf(x, y) {
  const cell = (place) => cellOf(x[place]) + CELLS * cellOf(y[place]);
  const starts = new Int32Array(CELLS * CELLS + 1);
  for (let place = 0; place < x.length; place++) if (isSomewhere(x, y, place)) starts[cell(place) + 1]++;
  for (let at = 0; at < CELLS * CELLS; at++) starts[at + 1] += starts[at];
  const order = new Int32Array(starts[CELLS * CELLS]);
  const filled = starts.slice();
  for (let place = 0; place < x.length; place++) if (isSomewhere(x, y, place)) order[filled[cell(place)]++] = place;
  return { starts, order };
}

const isSomewhere = (x, y, place) => x[place] !== NOWHERE && y[place] !== NOWHERE;
const cellOf = (value) => Math.max(0, Math.min(CELLS - 1, Math.floor((value / (MOST + 1)) * CELLS)));

function maskOf(text, n) {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const mask = new Uint8Array(n);
  for (let place = 0; place < n; place++) mask[place] = (bytes[place >> 3] >> (place & 7)) & 1;
  return mask;
}

// Whether a point can be pointed at: it is found, and its class is not hidden by the legend.
const isShown = (map, place) => map.mask[place] === 1 && isSomewhere(map.points.x, map.points.y, place)
  && (map.alone === null || map.points.kinds[place] === map.alone);

// The shown point nearest to a place on the map, none further than so many pixels off.
function nearestPoint(map, world, pixels) {
  const { points: { x, y, grid } } = map;
  const [width, height] = reachOf(map, pixels);
  let [best, least] = [-1, 1];
  for (let row = cellOf((world[1] - height) * MOST); row <= cellOf((world[1] + height) * MOST); row++) {
    for (let column = cellOf((world[0] - width) * MOST); column <= cellOf((world[0] + width) * MOST); column++) {
      const cell = column + CELLS * row;
      for (let at = grid.starts[cell]; at < grid.starts[cell + 1]; at++) {
        const place = grid.order[at];
        if (!isShown(map, place)) continue;
        const off = ((x[place] / MOST - world[0]) / width) ** 2 + ((y[place] / MOST - world[1]) / height) ** 2;
        if (off < least) [best, least] = [place, off];
      }
    }
  }
  return best;
}

// The next shown point in a direction, [±1, 0] or [0, ±1]: near, and rather ahead than aside.
function nextPoint(map, from, direction) {
  const { x, y, n } = map.points;
  let [best, least] = [-1, Infinity];
  for (let place = 0; place < n; place++) {
    if (place === from || !isShown(map, place)) continue;
    const [right, up] = [(x[place] - x[from]) / MOST, (y[place] - y[from]) / MOST];
    const ahead = right * direction[0] + up * direction[1];
    const aside = Math.abs(right * direction[1]) + Math.abs(up * direction[0]);
    if (ahead <= 0 || aside > ahead) continue;
    if (ahead + 2 * aside < least) [best, least] = [place, ahead + 2 * aside];
  }
  return best;
}
