// Data and settings: every control changes the run itself at its first step, later it branches one off.
import { store, on, emit } from "./store.js";
import { $, el } from "./dom.js";
import { t, say, has, num } from "./words.js";
import { classColours, shape, token, SHAPES } from "./colours.js";
import { tell, send } from "./wire.js";
import { stack } from "./stack.js";

let drawing = 0; // the class of the next point that is clicked
let built = "";

on("state", build);
on("language", () => ((built = ""), build()));
on("theme", () => ((built = ""), build()));
on("frame", (head) => {
  const now = $("lr-now");
  if (now && head.lr !== undefined) now.textContent = head.lr === Number($("lr")?.value) ? "" : `α = ${num(head.lr)}`;
});

const setup = () => store.state.setup;
const recipe = (name, otherwise) => store.state.setup.recipe[name] ?? otherwise;

function change(changes) {
  return tell("change", { changes });
}

function changeData(changes) {
  const data = { ...setup().data, ...changes };
  return change({ data });
}

function build() {
  if (!store.state) return;
  const { differences, ...rest } = { setup: setup(), losses: store.state.losses, data: store.state.data.title, lang: document.documentElement.lang };
  const wanted = JSON.stringify(rest);
  if (wanted === built) return;
  built = wanted;
  const focused = document.activeElement?.id;
  const inside = $("settings-body").contains(document.activeElement);
  $("settings-body").replaceChildren(dataCards(), dataOptions(), layers(), learning(), more());
  if (inside && focused) $(focused)?.focus();
}

// --- data ------------------------------------------------------------------------------------------------------------
function dataCards() {
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
  const recipe = { ...setup().recipe, loss: null, ...plain, ...suits[data.name]?.recipe };
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

function dataOptions() {
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
  built = "";
  build();
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

// --- the network ---------------------------------------------------------------------------------------------------
function layers() {
  if (setup().layers) return stack(change);
  const hidden = recipe("hidden", []);
  const box = el("div", { class: "layers" });
  hidden.forEach((n, k) => {
    const set = (to) => change({ hidden: hidden.map((m, j) => (j === k ? to : m)), ...perLayer(hidden.length) });
    const input = el("input", { id: `units-${k}`, type: "number", min: "1", max: "1024", value: String(n), "aria-label": t("units.of", { l: k + 1 }) });
    input.addEventListener("change", () => set(Number(input.value)));
    box.append(el("span", { class: "layer" },
      el("button", { text: "−", "aria-label": t("units.fewer", { l: k + 1 }), onclick: () => n > 1 && set(n - 1) }), input,
      el("button", { text: "+", "aria-label": t("units.more", { l: k + 1 }), onclick: () => set(n + 1) })));
  });
  const add = el("button", { w: "layer.add", onclick: () => change({ hidden: [...hidden, hidden.at(-1) ?? 8], ...perLayer(hidden.length + 1) }) });
  const remove = el("button", { w: "layer.remove", onclick: () => change({ hidden: hidden.slice(0, -1), ...perLayer(hidden.length - 1) }) });
  remove.disabled = !hidden.length;
  const functions = el("div", {});
  activations(functions, hidden.length);
  return el("fieldset", {}, el("legend", { w: "hidden.layers" }), box, el("div", { class: "layers" }, add, remove), functions, store.state.data.shaped ? el("button", { id: "stack-shaped", w: "stack.shaped", onclick: () => change({ layers: store.state.choices.suits[setup().data.name].layers }) }) : null);
}

// One function for all layers stays one; a list is made as long as there are layers.
function perLayer(n) {
  const now = recipe("activation", "relu");
  return Array.isArray(now) ? { activation: Array.from({ length: n }, (_, k) => now[k] ?? now.at(-1) ?? "relu") } : {};
}

function activations(box, n) {
  const now = recipe("activation", "relu");
  const known = family("activation", now);
  if (!Array.isArray(now)) {
    box.append(choice("activation", "activation", known, now, (activation) => change({ activation }), note("activation", now)));
    if (n > 1) box.append(el("button", { w: "activation.each", onclick: () => change({ activation: Array(n).fill(now) }) }));
    return;
  }
  now.forEach((name, k) => {
    const line = choice(`activation-${k}`, null, known, name, (to) => change({ activation: now.map((f, j) => (j === k ? to : f)) }), null, t("stack.layer", { l: k + 1 }));
    line.querySelector("select").setAttribute("aria-label", `${t("activation")}, ${t("stack.layer", { l: k + 1 })}`);
    box.append(line);
  });
  box.append(el("button", { w: "activation.all", onclick: () => change({ activation: now[0] ?? "relu" }) }));
}

export function family(kind, now) {
  const known = store.state.choices[kind].map(({ name }) => [name, name]);
  for (const each of [now].flat()) if (each && !known.some(([name]) => name === each)) known.push([each, each]);
  return known;
}

function note(kind, name) {
  return say(store.state.choices[kind].find((each) => each.name === String(name).split("(")[0])?.notes);
}

// --- learning --------------------------------------------------------------------------------------------------------
function learning() {
  const box = el("fieldset", {}, el("legend", { w: "learning" }));
  const loss = store.state.loss;
  const losses = store.state.choices.loss.map(({ name }) => [name, name, !store.state.losses.includes(name)]);
  box.append(rate());
  box.append(choice("optimizer", "optimizer", family("optimizer"), recipe("optimizer", "sgd"), (optimizer) => change({ optimizer, lr: store.state.choices.rates[optimizer] }), note("optimizer", recipe("optimizer", "sgd"))));
  if (!whole()) box.append(number("batch_size", "batch", recipe("batch_size", ""), { min: 1, max: 100000, step: 1, placeholder: t("batch.full") }, (batch_size) => change({ batch_size: batch_size === "" ? null : batch_size })));
  box.append(choice("loss", "loss.name", losses, loss, (name) => change({ loss: name, ...(name === "squared_error" && store.state.data.task === "classification" ? { output_activation: "sigmoid" } : { output_activation: "identity" }) }), `${t(`why.${store.state.data.task}`)} ${note("loss", loss)}`));
  if (!whole()) box.append(choice("schedule", "schedule", family("schedule").filter(([name]) => name !== "adaptive"), recipe("schedule", "constant"), (schedule) => change({ schedule })));
  box.append(number("seed", "seed", recipe("seed", 0), { min: 0, max: 99999, step: 1 }, (seed) => change({ seed })));
  box.append(el("button", { w: "weights.new", "data-key": "Shift+R", onclick: () => tell("reset", { seed: "new" }) }));
  return box;
}

// L-BFGS takes all rows at once and finds the length of its steps itself.
const whole = () => recipe("optimizer", "sgd") === "lbfgs";

// α: a slider on a logarithmic scale and a number; heard while it moves.
function rate() {
  const now = store.state.rates.at(-1)?.[1] ?? recipe("lr", 1);
  if (whole()) return el("p", { class: "why", id: "no-rate", w: "lr.none" });
  const slider = el("input", { id: "lr-slider", type: "range", min: "-5", max: "2", step: "0.1", value: String(Math.log10(now)), "aria-label": t("lr") });
  const input = el("input", { id: "lr", type: "number", min: "0", step: "any", value: String(now), "aria-label": t("lr") });
  const set = (lr) => lr > 0 && change({ lr });
  slider.addEventListener("input", () => {
    const lr = Number((10 ** Number(slider.value)).toPrecision(2));
    input.value = String(lr);
    set(lr);
  });
  slider.setAttribute("aria-valuetext", String(now));
  input.addEventListener("change", () => set(Number(input.value)));
  return el("div", { class: "row" }, el("span", {}, el("span", { w: "lr" }), " ", el("span", { id: "lr-now", class: "why" })), input, slider);
}

function more() {
  const { choices } = store.state;
  const line = (name, options) => {
    const help = say(choices.knobs[name]);
    return number(name, `knob.${name}`, recipe(name, ""), { placeholder: t("none"), ...options }, (value) => change({ [name]: value === "" ? (options.empty ?? null) : value }), help);
  };
  const inits = [["", t("init.suits")], ...family("init")];
  return el("details", { id: "more-settings", open: store.moreOpen, ontoggle: (event) => (store.moreOpen = event.target.open) },
    el("summary", { w: "more" }),
    choice("init", "init", inits, recipe("init", "") ?? "", (init) => change({ init: init || null })),
    line("l2", { min: 0, step: "any", empty: 0 }),
    line("dropout", { min: 0, max: 0.95, step: 0.05, empty: 0 }),
    line("clip_norm", { min: 0, step: "any" }),
    line("weight_decay", { min: 0, step: "any" }),
    line("warmup", { min: 0, step: 1, empty: 0 }),
    line("epochs", { min: 1, step: 1, empty: 500 }),
    number("stop-at", "stop.at", store.until ?? "", { min: 1, max: 10_000_000, step: 1, placeholder: t("never") }, (epoch) => (store.until = epoch === "" ? null : epoch), t("stop.about")),
    el("label", { class: "row" }, el("span", { w: "shuffle" }), el("input", { id: "shuffle", type: "checkbox", checked: recipe("shuffle", true), onchange: (event) => change({ shuffle: event.target.checked }) })));
}

// A formula by the name people call it, with its constants behind it.
export function called(name, otherwise = name) {
  const [stem, constants] = String(name).split("(");
  return has(`name.${stem}`) ? t(`name.${stem}`) + (constants ? ` (${constants}` : "") : otherwise;
}

// --- controls --------------------------------------------------------------------------------------------------------
export function number(id, word, value, { min, max, step, placeholder }, set, help) {
  const input = el("input", { id, type: "number", min, max, step, placeholder, value: value === null ? "" : String(value) });
  input.addEventListener("change", () => set(input.value === "" ? "" : Number(input.value)));
  return el("label", { class: "row" }, el("span", { w: has(word) ? word : undefined, text: has(word) ? undefined : id }), input, help ? el("span", { class: "why", text: help }) : null);
}

export function choice(id, word, options, value, set, help, label) {
  const select = el("select", { id, "aria-label": label });
  for (const [name, text, disabled] of options) select.append(el("option", { value: name, text: called(name, text), disabled: disabled ? true : undefined }));
  select.value = value;
  select.addEventListener("change", () => set(select.value));
  return el("label", { class: "row" }, word ? el("span", { w: word }) : el("span", { text: label }), select, help ? el("span", { class: "why", text: help }) : null);
}
