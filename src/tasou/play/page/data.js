// Which data are learnt from: cards to choose from, their numbers, a formula of one's own, points that are clicked.
import { store, emit } from "./store.js";
import { el } from "./dom.js";
import { t, say } from "./words.js";
import { classColours, shape, token, SHAPES } from "./colours.js";
import { tell, send } from "./wire.js";
import { setup, change, choice, line, number } from "./controls.js";

let drawing = 0; // the class of the next point that is clicked

// What is left empty is as the data have it.
function changeData(changes) {
  const data = Object.fromEntries(Object.entries({ ...setup().data, ...changes }).filter(([, value]) => value !== ""));
  return change({ data });
}

export function dataCards() {
  const { choices } = store.state;
  const cards = el("div", { class: "cards" });
  const add = (data, title, name) => {
    const canvas = el("canvas", { width: "46", height: "46", "aria-hidden": "true" });
    const pressed = setup().data.name === name;
    const card = el("button", { "aria-pressed": String(pressed), "data-data": name, onclick: () => begin(data) }, canvas, el("span", { text: title }));
    cards.append(card);
    thumbnail(canvas, name);
  };
  for (const { name, title } of choices.data) add(dataOf(name), say(title), name);
  for (const name of choices.made) add({ name }, t(`data.${name}`), name);
  const own = el("button", { "aria-pressed": String(setup().data.name === "points"), "data-data": "points", onclick: ownPoints }, thumb("points"), el("span", { w: "data.points" }));
  cards.append(own);
  return el("fieldset", {}, el("legend", { w: "data" }), cards, ownData());
}

// What another module knows of data of one's own.
function ownData() {
  const box = el("div", { id: "own-data", class: "layers" });
  emit("own-data", box);
  return box;
}

function dataOf(name) {
  return ["xor", "and_gate", "or_gate"].includes(name) ? { name, n: 4 } : { name };
}

// Other data come with a fresh run, at settings that suit them.
function begin(data) {
  const { suits, usual } = store.state.choices;
  const special = setup().data.name in suits || setup().data.name === "table";
  const plain = special ? { ...usual, batch_size: null } : {};
  const recipe = { ...setup().recipe, ...plain, ...suits[data.name]?.recipe };
  return tell("reset", { setup: { data, recipe, layers: suits[data.name]?.layers ?? null } });
}

function thumb(name) {
  const canvas = el("canvas", { width: "46", height: "46", "aria-hidden": "true" });
  thumbnail(canvas, name);
  return canvas;
}

// A little picture of what the data look like; drawn by hand, since only their shape is to be told.
function thumbnail(canvas, name) {
  const d = canvas.getContext("2d");
  const colours = classColours(3);
  const dots = [];
  const put = (x, y, k) => dots.push([x, y, k]);
  for (let i = 0; i < 14; i++) {
    const s = (i + 0.5) / 14, a = 2 * Math.PI * s;
    if (name === "spiral") for (let k = 0; k < 3; k++) put(23 + 20 * s * Math.cos(2.1 * k + 4 * s), 23 + 20 * s * Math.sin(2.1 * k + 4 * s), k);
    else if (name === "circles") put(23 + 19 * Math.cos(a), 23 + 19 * Math.sin(a), 0), put(23 + 8 * Math.cos(a), 23 + 8 * Math.sin(a), 1);
    else if (name === "moons") put(16 + 13 * Math.cos(Math.PI * s), 26 - 15 * Math.sin(Math.PI * s), 0), put(29 + 13 * Math.cos(Math.PI * s), 19 + 15 * Math.sin(Math.PI * s), 1);
    else if (name === "blobs") put(12 + 6 * Math.cos(a) * (i % 3) / 2, 13 + 6 * Math.sin(a) * (i % 3) / 2, 0), put(34 + 6 * Math.cos(a) * (i % 3) / 2, 15 + 6 * Math.sin(a) * (i % 3) / 2, 1), put(22 + 6 * Math.cos(a) * (i % 3) / 2, 34 + 6 * Math.sin(a) * (i % 3) / 2, 2);
    else if (name === "curve") put(3 + 40 * s, 23 - 13 * Math.sin(6 * s), 0);
    else if (name === "hills") for (let j = 0; j < 6; j++) put(4 + 38 * s, 5 + 7 * j, (i + 2 * j) % 6 < 3 ? 0 : 1);
    else if (name === "above") put(3 + 40 * s, 13 - 9 * Math.sin(6 * s), 0), put(3 + 40 * s, 33 - 9 * Math.sin(6 * s), 1);
    else if (name === "formula") i % 2 ? put(23 + 19 * Math.cos(a), 23 + 19 * Math.sin(a), 0) : put(23 + 10 * Math.cos(a), 23 + 10 * Math.sin(a), 1);
    else if (name === "digits") put(14 + 9 * Math.cos(a), 23 + 15 * Math.sin(a), 0), i < 8 && put(34, 8 + 4 * i, 2);
    else if (name === "edges") for (let j = 0; j < 7; j++) i < 7 && put(8 + 5 * i, 8 + 5 * j, i < 3 ? 0 : 1);
    else if (name === "sequences") put(3 + 3 * i, i ? 23 + 6 * Math.sin(9 * i) : 6, i ? 0 : 2);
    else if (name === "questions" && i < 5) put(7 + 8 * i, 23, i === 4 ? 2 : i === 1 ? 1 : 0);
    else if (name === "points" && i < 3) put([12, 31, 22][i], [14, 18, 34][i], i);
  }
  if (["xor", "and_gate", "or_gate"].includes(name)) {
    const truth = { xor: [0, 1, 1, 0], and_gate: [0, 0, 0, 1], or_gate: [0, 1, 1, 1] }[name];
    [[11, 35], [11, 11], [35, 35], [35, 11]].forEach(([x, y], i) => put(x, y, truth[i]));
  }
  const r = dots.length < 8 ? 5 : 2.2;
  for (const [x, y, k] of dots) {
    d.fillStyle = colours[k];
    d.strokeStyle = token("outline");
    d.lineWidth = 0.7;
    shape(d, k, x, y, r);
    d.fill();
    d.stroke();
  }
}

export function dataOptions() {
  const { data, choices } = store.state;
  const name = setup().data.name;
  const box = el("fieldset", {}, el("legend", { class: "hidden", w: "data.options" }));
  if (name === "points") return pointsTools();
  const own = choices.data.some((each) => each.name === name) || choices.made.includes(name);
  if (!own) return box;
  box.append(number("n", "data.n", setup().data.n ?? data.n, { min: 4, max: 5000, step: 1 }, (n) => changeData({ n })));
  if (name === "digits") return box;
  if (name === "sequences") box.append(number("steps", "data.steps", setup().data.steps ?? 20, { min: 2, max: 60, step: 1 }, (steps) => changeData({ steps })));
  if (!data.shaped) box.append(number("noise", "data.noise", setup().data.noise ?? "", { min: 0, max: 5, step: 0.05, placeholder: t("usual") }, (noise) => changeData({ noise })));
  if (["spiral", "blobs"].includes(name)) box.append(number("classes", "data.classes", setup().data.classes ?? data.classes.length, { min: 2, max: 8, step: 1 }, (classes) => changeData({ classes })));
  if (name === "formula") box.append(line("expression", "data.expression", setup().data.expression ?? "x1^2 + x2^2 < 4", { maxlength: 200 }, (expression) => changeData({ expression }), t("data.expression.about")));
  if (["curve", "above"].includes(name)) box.append(choice("of", "data.of", Object.keys(choices.curves).map((each) => [each, choices.curves[each]]), setup().data.of ?? "sine", (of) => changeData({ of })));
  box.append(number("data-seed", "data.seed", setup().data.seed ?? 0, { min: 0, max: 99999, step: 1 }, (seed) => changeData({ seed })));
  return box;
}

// --- points of one's own -----------------------------------------------------------------------------------------
function ownPoints() {
  const { data } = store.state;
  const two = data.task === "classification" && data.xy[0]?.length === 2 && !data.curve && data.features.length === 2;
  const kept = two ? data.xy.map((p, i) => [p[0], p[1], data.y[i]]).filter((_, i) => !data.heldAt[i]).slice(0, 60) : [[-1, -1, 0], [-1.2, 1, 0], [1, 1.1, 1], [1.2, -1, 1]];
  return begin({ name: "points", rows: kept });
}

export function canDraw() {
  return setup().data.name === "points";
}

export function addPoint(at) {
  const rows = [...setup().data.rows, [Number(at[0].toFixed(3)), Number(at[1].toFixed(3)), drawing]];
  return newPoints(rows);
}

function newPoints(rows) {
  return send("reset", { setup: { data: { name: "points", rows }, recipe: setup().recipe } }).catch(() => null);
}

export function drawClass(k) {
  if (!canDraw()) return false;
  drawing = k;
  emit("redraw");
  return true;
}

export function removeChosen() {
  if (!canDraw() || store.chosen === null || store.chosen === undefined) return;
  newPoints(setup().data.rows.filter((_, i) => i !== store.chosen));
  store.chosen = null;
}

export function pick(i) {
  store.chosen = i;
  emit("chosen", i);
}

function pointsTools() {
  const rows = setup().data.rows;
  const classes = Math.min(10, Math.max(3, ...rows.map((row) => row[2] + 2)));
  const picks = el("div", { class: "classpick", role: "group", "aria-label": t("points.class") });
  for (let k = 0; k < classes; k++) picks.append(el("button", { "aria-pressed": String(k === drawing), text: `${SHAPES[k]} ${k}`, onclick: () => drawClass(k) }));
  const few = el("button", { w: "points.few", onclick: () => newPoints([[-1, -1, 0], [1, 1, 1]]) });
  const list = el("details", {}, el("summary", { text: t("points.list", { n: rows.length }) }), pointTable(rows));
  return el("fieldset", {}, el("legend", { w: "points.class" }), picks, el("p", { class: "about", w: "points.how" }), list, el("div", { class: "layers" }, few));
}

function pointTable(rows) {
  const cell = (i, k) => {
    const input = el("input", { type: "number", step: k === 2 ? "1" : "any", value: String(rows[i][k]), "aria-label": `${t("point")} ${i + 1}, ${["x1", "x2", t("class")][k]}` });
    input.addEventListener("change", () => newPoints(rows.map((row, j) => (j === i ? row.map((v, c) => (c === k ? Number(input.value) : v)) : row))));
    return el("td", {}, input);
  };
  const lines = rows.slice(0, 200).map((_, i) =>
    el("tr", {}, el("th", { scope: "row", text: String(i + 1) }), cell(i, 0), cell(i, 1), cell(i, 2), el("td", {}, el("button", { "aria-label": t("points.remove", { i: i + 1 }), text: "✕", onclick: () => newPoints(rows.filter((_, j) => j !== i)) }))));
  return el("div", { class: "scroll pointlist", tabindex: "0", role: "region", "aria-label": t("points.list", { n: rows.length }) }, el("table", {}, el("tbody", {}, ...lines)));
}

