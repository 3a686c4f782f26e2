// How the map is drawn: points by WebGL, or on a plain canvas where there is none; axes, lasso and cursor over them in SVG.
const MARGIN = 0.94; // of the canvas is what the whole map takes
const LEGEND_MOST = 16; // colours that the shader knows
const FAINTNESS = 0.18; // of points that are not found

const VERTEX = `
attribute float x, y, kind, found;
uniform vec4 view;
uniform float size, strongPass, alone, colours, isScale;
uniform vec3 palette[${LEGEND_MOST}];
uniform vec3 faint;
varying vec4 colour;
void main() {
  bool nowhere = x > 65534.5 || y > 65534.5;
  bool strong = found > 0.5 && (alone < -0.5 || abs(kind - alone) < 0.5);
  gl_Position = nowhere || strong != (strongPass > 0.5) ? vec4(2., 2., 2., 1.)
    : vec4(x / 65534. * view.x + view.z, y / 65534. * view.y + view.w, 0., 1.);
  gl_PointSize = strong ? size : max(1.5, size * .6);
  float step = isScale > 0.5 ? kind / 65534. * (colours - 1.) : kind;
  int low = int(min(floor(step), colours - 1.)), high = int(min(floor(step) + 1., colours - 1.));
  vec3 own = mix(palette[low], palette[high], isScale > 0.5 ? fract(step) : 0.);
  colour = strong ? vec4(kind < 65534.5 ? own : faint, .85) : vec4(faint, ${FAINTNESS});
}`;
const FRAGMENT = `
precision mediump float;
varying vec4 colour;
void main() {
  vec2 off = gl_PointCoord - .5;
  if (dot(off, off) > .25) discard;
  gl_FragColor = vec4(colour.rgb * colour.a, colour.a);
}`;

// What draws points on a canvas: { load(points), mark(mask), draw(map), end() }.
function pen(canvas) {
  const gl = canvas.getContext("webgl", { antialias: false, premultipliedAlpha: true });
  return gl ? glPen(gl) : plainPen(canvas.getContext("2d"));
}

function glPen(gl) {
  const program = gl.createProgram();
  for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
    const shader = gl.createShader(kind);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  const buffers = {};
  const fill = (name, values, kind) => {
    const at = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, (buffers[name] ??= gl.createBuffer()));
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, 1, kind, false, 0, 0);
  };
  return {
    load: ({ x, y, kinds }) => { fill("x", x, gl.UNSIGNED_SHORT); fill("y", y, gl.UNSIGNED_SHORT); fill("kind", kinds, gl.UNSIGNED_SHORT); },
    mark: (mask) => fill("found", mask, gl.UNSIGNED_BYTE),
    draw: (map) => drawByGl(gl, program, map),
    end: () => gl.getExtension("WEBGL_lose_context")?.loseContext(),
  };
}

function drawByGl(gl, program, map) {
  const set = (name, kind, ...values) => gl[`uniform${kind}`](gl.getUniformLocation(program, name), ...values);
  const [scaleX, scaleY, x, y] = clipOf(map);
  gl.viewport(0, 0, map.canvas.width, map.canvas.height);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT);
  set("view", "4f", scaleX, scaleY, x, y);
  set("size", "1f", pointSize(map) * devicePixelRatio);
  set("alone", "1f", map.alone ?? -1);
  set("colours", "1f", map.palette.length);
  set("isScale", "1f", map.isScale ? 1 : 0);
  set("palette", "3fv", map.palette.flat());
  set("faint", "3fv", map.faint);
  for (const strong of [0, 1]) {
    gl.blendFunc(gl.ONE, strong ? gl.ONE_MINUS_SRC_ALPHA : gl.ZERO); // many faint points in one place stay faint
    set("strongPass", "1f", strong);
    gl.drawArrays(gl.POINTS, 0, map.points.n);
  }
}

function plainPen(context) {
  return {
    load() {}, mark() {}, end() {},
    draw(map) {
      const { x, y, kinds, n } = map.points;
      const [width, height, size] = [map.canvas.width, map.canvas.height, pointSize(map) * devicePixelRatio];
      const [scaleX, scaleY, left, low] = clipOf(map);
      const paint = (places, colour, side) => {
        context.fillStyle = colour;
        for (const place of places) {
          const at = [((x[place] / MOST) * scaleX + left + 1) / 2, (1 - (y[place] / MOST) * scaleY - low) / 2];
          context.fillRect(at[0] * width - side / 2, at[1] * height - side / 2, side, side);
        }
      };
      const groups = new Map([["faint", []]]);
      for (let place = 0; place < n; place++) {
        if (!isSomewhere(x, y, place)) continue;
        const name = isShown(map, place) ? colourAt(map, kinds[place]) : "faint";
        if (!groups.has(name)) groups.set(name, []);
        groups.get(name).push(place);
      }
      context.clearRect(0, 0, width, height);
      paint(groups.get("faint"), css(map.faint, 1), Math.max(1.5, size * 0.6));
      context.globalCompositeOperation = "destination-in"; // many faint points in one place stay faint
      context.fillStyle = `rgba(0, 0, 0, ${FAINTNESS})`;
      context.fillRect(0, 0, width, height);
      context.globalCompositeOperation = "source-over";
      for (const [name, places] of groups) if (name !== "faint") paint(places, name, size);
    },
  };
}

function colourAt(map, kind) {
  if (kind === NOWHERE) return css(map.faint, 0.85);
  const last = map.palette.length - 1;
  return css(map.palette[map.isScale ? Math.round((kind / MOST) * last) : Math.min(kind, last)], 0.85);
}

const css = (rgb, alpha) => `rgba(${rgb.map((part) => Math.round(part * 255)).join(",")},${alpha})`;
const rgbOf = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255);
const pointSize = (map) => Math.max(2, Math.min(9, 60 / map.nShown ** 0.3)) * Math.min(2.5, map.view.scale ** 0.4);

// Scale and offset from the map, 0 to 1, to the canvas, -1 to 1.
function clipOf({ view }) {
  const scale = 2 * MARGIN * view.scale;
  return [scale, scale, -view.x * scale, -view.y * scale];
}
// From the map to pixels of the stage, and back.
function pixelOf(map, [x, y]) {
  const [scaleX, scaleY, left, low] = clipOf(map);
  return [((x * scaleX + left + 1) / 2) * map.width, ((1 - y * scaleY - low) / 2) * map.height];
}
function worldOf(map, [px, py]) {
  const [scaleX, scaleY, left, low] = clipOf(map);
  return [((2 * px) / map.width - 1 - left) / scaleX, (1 - (2 * py) / map.height - low) / scaleY];
}
// How far so many pixels reach on the map.
function reachOf(map, pixels) {
  const [scaleX, scaleY] = clipOf(map);
  return [(2 * pixels) / map.width / scaleX, (2 * pixels) / map.height / scaleY];
}

// Draw at the next frame what has changed since the last.
function redraw(map) {
  if (map.frame || !map.points) return;
  map.frame = requestAnimationFrame(() => {
    map.frame = 0;
    map.pen.draw(map);
    drawOver(map);
  });
}

function drawOver(map) {
  const over = [];
  const outline = map.tracing ?? map.data.lasso.map(([x, y]) => pixelOf(map, [x / UNITS, y / UNITS]));
  if (outline.length) over.push(drawing("polygon", { class: "lasso", points: outline.map((at) => at.join(",")).join(" ") }));
  if (map.at >= 0) {
    const [x, y] = pixelOf(map, [map.points.x[map.at] / MOST, map.points.y[map.at] / MOST]);
    over.push(drawing("circle", { class: "cursor", cx: x, cy: y, r: pointSize(map) / 2 + 4 }));
  }
  map.data.axes.forEach((axis, which) => over.push(...ticks(map, axis, which)));
  map.over.replaceChildren(...over);
}

function ticks(map, axis, which) {
  if (axis.low === null) return [];
  const ends = [worldOf(map, [0, map.height]), worldOf(map, [map.width, 0])].map((at) => axis.low + at[which] * (axis.high - axis.low));
  const step = roundStep((ends[1] - ends[0]) / (which ? map.height / 60 : map.width / 90));
  const made = [];
  for (let at = Math.ceil(ends[0] / step); at * step <= ends[1]; at++) {
    const place = (at * step - axis.low) / (axis.high - axis.low);
    const [x, y] = pixelOf(map, which ? [0, place] : [place, 0]);
    made.push(drawing("text", which ? { x: 6, y: y + 4 } : { x, y: map.height - 6, "text-anchor": "middle" }, tickText(axis, at * step, step)));
  }
  return made;
}

function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough);
}

function tickText(axis, value, step) {
  if (axis.kind === "duration") return clock(value);
  if (axis.kind === "date") return new Date(value * 1000).toISOString().slice(0, 7);
  return value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}
