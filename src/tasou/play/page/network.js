// The network: units as buttons that show what they have learnt, weights as lines whose width and dash say size and sign.
import { store, on, emit, current } from "./store.js";
import { $, el, table } from "./dom.js";
import { t, num, percent } from "./words.js";
import { signed } from "./colours.js";
import { drawAnswer, drawMap, drawShade, drawWeights } from "./units.js";
import { tell } from "./wire.js";
import { called } from "./controls.js";

const MOST = 24; // units of a layer that are drawn one by one
const MOST_LINES = 1500;
const SVG = "http://www.w3.org/2000/svg";
let columns = []; // per layer: {l, n, units: [button], strip}
let lines = []; // {line, place}: place of its weight in θ
let drawnAt = 0;
let lit = [];

on("state", ({ anew }) => {
  if (anew) forget();
  build();
});
on("frame", (head) => {
  if (head.playing && performance.now() - drawnAt < 60) return;
  drawnAt = performance.now();
  draw();
});
let answers = null; // what each unit answers to the digit that is drawn
on("activations", (layers) => {
  answers = layers?.flat() ?? null;
  draw();
});
let ink = null; // the picture that is drawn by hand
on("ink", (picture) => {
  ink = picture;
  draw();
});
on("theme", draw);
on("language", build);
$("net-body").addEventListener("click", ({ clientX, clientY, target }) => {
  const line = target.closest(".unit") ? null : nearest(clientX, clientY);
  if (!line) return;
  if (store.selected?.l !== line.l || store.selected.k !== line.j) choose(line.l, line.j);
  emit("weight", line.place);
});
$("net-body").addEventListener("pointermove", ({ clientX, clientY, target }) => {
  const line = target.closest(".unit") ? null : nearest(clientX, clientY), theta = current()?.arrays.theta;
  $("net-body").classList.toggle("over", Boolean(line));
  if (line && theta) $("net-about").textContent = `W[${line.l}] (${line.j + 1}, ${line.i + 1}) = ${num(theta[line.place], 4)}`;
});
on("unselect", () => {
  if (store.selected) choose(store.selected.l, store.selected.k);
});
on("lit", (places) => {
  lit = places;
  light();
});
new ResizeObserver(() => store.state && build()).observe($("net-body"));
$("edges").addEventListener("change", () => tell("look", { edges: $("edges").value }));

function build() {
  if (!store.state) return;
  const { network, data } = store.state;
  const body = $("net-body");
  const focused = document.activeElement?.dataset?.unit;
  $("net-text").textContent = `${network.sizes.join(" → ")} · ${t("parameters", { n: network.parameters.toLocaleString() })}`;
  body.replaceChildren();
  const width = body.clientWidth, height = body.clientHeight;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  body.append(svg);
  const x = (l) => (width * (l + 0.5)) / network.sizes.length;
  columns = network.sizes.map((n, l) => column(body, l, n, x(l), height, network, data));
  lines = [];
  const matrices = network.layout.filter(([l, name]) => name === "W" && network.dense[l - 1]);
  for (const [l, , start, [rows, cols]] of matrices) {
    if (!columns[l].units.length || !columns[l - 1].units.length || rows * cols > MOST_LINES) continue;
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < cols; i++) {
        const line = document.createElementNS(SVG, "line");
        const [from, to] = [columns[l - 1].places[i], columns[l].places[j]];
        const entries = { x1: from[0], y1: from[1], x2: to[0], y2: to[1] };
        for (const [name, value] of Object.entries(entries)) line.setAttribute(name, value.toFixed(1));
        svg.append(line);
        lines.push({ line, place: start + j * cols + i, l, i, j, ends: [from, to], before: "" });
      }
  }
  draw();
  if (focused) body.querySelector(`[data-unit="${focused}"]`)?.focus();
}

function column(body, l, n, x, height, network, data) {
  const last = network.sizes.length - 1;
  const role = l === 0 ? t("role.input") : l === last ? t("role.output") : t("role.hidden", { l });
  const label = l === 0 ? "" : l === last ? network.output : network.labels[l - 1];
  const heading = el("div", { class: "column" }, el("div", { text: role }), el("div", { text: called(label) }));
  heading.style.left = `${x}px`;
  body.append(heading);
  const top = 40, room = height - top - 8;
  if (n > MOST || (l === 0 && !network.plain && n > 8)) {
    const found = strip(body, l, n, x, top, room);
    if (l === 0) {
      found.bounds.textContent = t("features", { n });
      found.strip.setAttribute("aria-label", t("features", { n }));
    }
    return found;
  }
  const size = Math.max(20, Math.min(44, room / n - 6, body.clientWidth / network.sizes.length - 8));
  const gap = Math.min(room / n, size + 22);
  const begin = top + (room - gap * n) / 2 + gap / 2;
  const places = [], units = [];
  for (let k = 0; k < n; k++) {
    const y = begin + k * gap;
    places.push([x, y]);
    const name = l === 0 ? data.features[k] ?? `x${k + 1}` : null;
    const unit = el("button", { class: "unit", "data-unit": `${l}.${k}`, tabindex: l === 1 && k === 0 ? "0" : "-1", "aria-pressed": "false", onclick: () => choose(l, k), onkeydown: (event) => walk(event, l, k), onfocus: () => about(l, k), onpointerenter: () => about(l, k) });
    unit.append(l === 0 ? el("span", { text: name.length > 5 ? `${name.slice(0, 4)}…` : name }) : el("canvas", {}));
    unit.style.cssText = `left:${x - size / 2}px;top:${y - size / 2}px;width:${size}px;height:${size}px`;
    body.append(unit);
    units.push(unit);
  }
  return { l, n, units, places };
}

// The line under the pointer, if one runs within a few pixels of it.
const REACH = 6;
function nearest(clientX, clientY) {
  const box = $("net-body").getBoundingClientRect(), x = clientX - box.left, y = clientY - box.top;
  let best = null, least = REACH;
  for (const each of lines) {
    const [[x1, y1], [x2, y2]] = each.ends;
    if (x < x1 || x > x2) continue;
    const away = Math.abs((y2 - y1) * (x - x1) - (x2 - x1) * (y - y1)) / Math.hypot(x2 - x1, y2 - y1);
    if (away < least) [best, least] = [each, away];
  }
  return best;
}

// A layer too wide to draw unit by unit: one strip, a line per unit.
function strip(body, l, n, x, top, room) {
  const box = el("div", { class: "strip", role: "img" }, el("canvas", { width: "1", height: String(n) }));
  box.style.cssText = `left:${x - 20}px;top:${top}px;width:40px;height:${room - 44}px`;
  const bounds = el("div", { class: "bounds" });
  bounds.style.cssText = `left:${x}px;top:${top + room - 40}px`;
  body.append(box, bounds);
  return { l, n, units: [], places: [], strip: box, bounds, x, middle: top + (room - 44) / 2 };
}

function draw() {
  const frame = current();
  if (!frame || !columns.length) return;
  const { arrays, head } = frame;
  drawLines(arrays, head.edges);
  let at = 0;
  for (const { l, n, units, strip: box, bounds } of columns) {
    if (l === 0) {
      const { image } = store.state.data;
      if (box && image && ink?.length === image[0] * image[1]) drawPicture(box, ink, image);
      continue;
    }
    if (box) drawStrip(box, bounds, arrays.units, at, n, l);
    units.forEach((unit, k) => drawUnit(unit, arrays, at + k, l, k));
    at += n;
  }
  const told = store.selected ?? said; // what is said of a unit goes with what it learns
  if (told && columns[told.l]?.units[told.k]) about(told.l, told.k);
  if (!head.playing) units();
}

function drawLines(arrays, edges) {
  $("net-body").classList.toggle("unweighed", !arrays.theta); // too many weights to be sent one by one
  if (!arrays.theta) return;
  const values = edges === "gradient" || edges === "update" ? (arrays.shown ?? arrays.theta) : arrays.theta;
  let most = 0;
  for (const { place } of lines) if (Number.isFinite(values[place])) most = Math.max(most, Math.abs(values[place]));
  for (const each of lines) {
    const v = values[each.place];
    const share = most ? Math.abs(v) / most : 0;
    const text = `${(0.4 + 5 * share).toFixed(1)}|${(0.12 + 0.75 * Math.sqrt(share)).toFixed(2)}|${v < 0 ? "neg" : ""}`;
    if (text === each.before) continue;
    each.before = text;
    const [width, opacity, sign] = text.split("|");
    each.line.setAttribute("stroke-width", width);
    each.line.setAttribute("stroke-opacity", opacity); // "opacity" would be a layer for each line
    each.line.classList.toggle("neg", sign === "neg");
  }
}

function drawUnit(unit, arrays, at, l, k) {
  const canvas = unit.querySelector("canvas");
  const state = arrays.units[4 * at + 3];
  unit.classList.toggle("dead", state === 1);
  unit.classList.toggle("stuck", state === 2);
  let tag = unit.querySelector(".tag");
  if (state && !tag) unit.append((tag = el("span", { class: "tag" })));
  const narrow = () => unit.offsetWidth < 34; // no room for a word
  if (tag) tag.textContent = state ? (narrow() ? (state === 1 ? "×" : "=") : t(state === 1 ? "dead.short" : "stuck.short")) : "";
  if (tag && !state) tag.remove();
  const { data } = store.state;
  if (answers && at < answers.length) drawAnswer(canvas, answers[at]);
  else if (data.image && l === 1 && (arrays.theta || arrays.tiles) && store.state.network.dense[0]) drawWeights(canvas, arrays, k, data.image);
  else if (arrays.maps && !data.image && store.frames.get(store.state.current).head.edges !== "firing") drawMap(canvas, arrays.maps, at);
  else drawShade(canvas, arrays.units, at);
  unit.setAttribute("aria-label", sentence(arrays, at, l, k));
}

// What enters, where it is a picture.
function drawPicture(box, picture, [h, w]) {
  const canvas = box.firstChild;
  canvas.width = w;
  canvas.height = h;
  box.style.width = box.style.height = "64px";
  box.style.left = `${columns[0].x - 32}px`;
  box.style.top = `${columns[0].middle - 32}px`;
  const image = new ImageData(w, h);
  picture.forEach((v, i) => image.data.set([...signed(v), 255], 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function drawStrip(box, bounds, units, at, n, l) {
  const d = box.firstChild.getContext("2d");
  const image = new ImageData(1, n);
  let low = Infinity, high = -Infinity, sum = 0, dead = 0;
  for (let k = 0; k < n; k++) {
    const v = units[4 * (at + k)];
    low = Math.min(low, v);
    high = Math.max(high, v);
    sum += v;
    dead += units[4 * (at + k) + 3] === 1;
  }
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  for (let k = 0; k < n; k++) image.data.set([...signed(units[4 * (at + k)] / most), 255], 4 * k);
  d.putImageData(image, 0, 0);
  const text = t("strip", { n, low: num(low, 2), mean: num(sum / n, 2), high: num(high, 2) });
  bounds.replaceChildren(el("div", { text: t("units", { n }) }), el("div", { text: dead ? t("dead.count", { n: dead }) : `${num(low, 2)} … ${num(high, 2)}` }));
  box.setAttribute("aria-label", `${t("role.hidden", { l })}: ${text}`);
}

// --- one unit ------------------------------------------------------------------------------------------------------
function sentence(arrays, at, l, k) {
  const [mean, firing, delta, state] = arrays.units.subarray(4 * at, 4 * at + 4);
  const name = unitName(l, k);
  const words = t("unit.about", { name, mean: num(mean, 3), firing: percent(firing), delta: num(delta, 2) });
  return state ? `${words} ${t(state === 1 ? "dead" : "stuck")}` : words;
}

export function unitName(l, k) {
  const { network, data } = store.state;
  if (l === 0) return data.features[k] ?? `x${k + 1}`;
  if (l === network.sizes.length - 1) return data.task === "classification" && network.sizes[l] > 1 ? t("unit.class", { k: data.classes[k] ?? k }) : t("unit.output", { k: k + 1 });
  return t("unit.hidden", { l, k: k + 1 });
}

let said = null; // the unit that was told of last
function forget() {
  store.selected = said = null;
  $("net-about").textContent = "";
}

function about(l, k) {
  const frame = current();
  if (!frame) return;
  said = { l, k };
  if (l === 0) return ($("net-about").textContent = unitName(0, k));
  const { network } = store.state;
  const at = network.sizes.slice(1, l).reduce((a, n) => a + n, 0) + k;
  let text = sentence(frame.arrays, at, l, k);
  const theta = frame.arrays.theta;
  if (theta && network.dense[l - 1]) {
    const [, , start, [, cols]] = network.layout.find(([layer, name]) => layer === l && name === "W");
    const bias = network.layout.find(([layer, name]) => layer === l && name === "b");
    const w = [...theta.subarray(start + k * cols, start + (k + 1) * cols)].slice(0, 6).map((v) => num(v, 3));
    text += ` W[${l}] = (${w.join(", ")}${cols > 6 ? ", …" : ""})${bias ? `, b[${l}] = ${num(theta[bias[2] + k], 3)}` : ""}`;
  }
  $("net-about").textContent = text;
}

function choose(l, k) {
  const same = store.selected?.l === l && store.selected?.k === k;
  store.selected = same ? null : { l, k };
  for (const { units } of columns) for (const unit of units) unit.setAttribute("aria-pressed", String(!same && unit.dataset.unit === `${l}.${k}`));
  light();
  emit("selected", store.selected);
}

// Lines that enter the chosen unit, and the units that a formula is made of.
function light() {
  const s = store.selected;
  const places = new Set(lit.map(({ l, k }) => `${l}.${k}`));
  for (const each of lines) each.line.classList.toggle("lit", Boolean(s && each.l === s.l && each.j === s.k));
  for (const { units } of columns) for (const unit of units) unit.classList.toggle("lit", places.has(unit.dataset.unit));
}

// Arrows walk between units; only one of them is in the order of Tab.
function walk(event, l, k) {
  const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  let to = l + step[0];
  while (columns[to] && !columns[to].units.length) to += step[0];
  const goal = columns[to];
  if (!goal) return;
  const row = step[0] ? Math.round((k / Math.max(1, columns[l].n - 1)) * (goal.n - 1)) : Math.max(0, Math.min(goal.n - 1, k + step[1]));
  for (const each of columns) for (const unit of each.units) unit.tabIndex = -1;
  goal.units[row].tabIndex = 0;
  goal.units[row].focus();
}

// The same as a table.
$("unit-table").addEventListener("toggle", units);
function units() {
  const frame = current();
  if (!frame || !$("unit-table").open) return;
  const rows = [];
  let at = 0;
  for (const { l, n } of columns) {
    if (l === 0) continue;
    for (let k = 0; k < n && rows.length < 400; k++) {
      const [mean, firing, delta] = frame.arrays.units.subarray(4 * (at + k), 4 * (at + k) + 3);
      rows.push([unitName(l, k), num(mean, 3), percent(firing), num(delta, 2)]);
    }
    at += n;
  }
  $("unit-table").querySelector(".scroll").replaceChildren(table([t("unit.name"), t("unit.mean"), t("edges.firing"), "|δ|"], rows));
}
