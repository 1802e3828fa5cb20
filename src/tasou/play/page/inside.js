// The calculation: every quantity of a step with its formula, the formula with its numbers, and its value.
import { store, on, emit, current } from "./store.js";
import { $, el, math, context } from "./dom.js";
import { t, say, num } from "./words.js";
import { send } from "./wire.js";
import { token } from "./colours.js";
import { formula, buttons, toggleAll } from "./symbols.js";

const PHASES = ["forward", "loss", "backward", "update"];
let shown = null; // the newest answer
let phase = "forward";
let batch = false;
let at = null; // {q, j}: the row that is looked at
let asked = 0;
let waiting = false;
let took = 0; // milliseconds until the last answer
let playing = false;

on("state", () => ask(true));
on("language", () => show());
on("frame", (head) => {
  if (head.playing && performance.now() - asked < Math.max(600, 15 * took)) return; // a large network's is dear
  playing = head.playing;
  $("sample-no").max = String(store.state.data.batch_size);
  if (store.chosen === null || store.chosen === undefined) if (document.activeElement !== $("sample-no")) $("sample-no").value = String(head.sample + 1);
  ask(false);
});
on("chosen", () => {
  batch = false;
  ask(true);
});
on("selected", () => show());
on("theme", () => show());

$("of-sample").addEventListener("click", () => ((batch = false), ask(true)));
$("of-batch").addEventListener("click", () => ((batch = true), ask(true)));
$("digits").addEventListener("change", () => ask(true));
$("sample-no").addEventListener("change", () => {
  store.chosen = null;
  ask(true);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  store.chosen = null;
  if (store.selected) emit("unselect");
  emit("theme"); // drawn anew, without the ring
  ask(true);
});

// Ask for what the phase shows; one question at a time, the newest wish wins.
async function ask(force) {
  if (!store.state || (waiting && !force)) return;
  waiting = true;
  asked = performance.now();
  const mine = asked;
  try {
    const answer = await send(...question());
    if (mine !== asked) return;
    took = performance.now() - mine;
    shown = answer;
    show();
  } catch {
    // an error has been shown, or the server is away
  } finally {
    if (mine === asked) waiting = false;
  }
}

function question() {
  if (phase === "check") return ["gradcheck", { index: store.parameter ?? 0, forget: store.forget ?? false }];
  if (phase === "slice") return ["slice", {}];
  const point = store.chosen ?? undefined;
  const only = playing ? { phase } : {}; // while it plays, only what is looked at
  return ["calculation", { ...only, batch, digits: Number($("digits").value), ...(point === undefined || batch ? { sample: Math.max(0, Number($("sample-no").value) - 1) } : { point }) }];
}

function show() {
  if (!shown || !store.state) return;
  tabs();
  $("of-sample").setAttribute("aria-pressed", String(!batch));
  $("of-batch").setAttribute("aria-pressed", String(batch));
  $("inside-note").textContent = shown.note ? say(shown.note) + (store.chosen !== null && store.chosen !== undefined && !batch ? ` — ${t("point.chosen")}` : "") : "";
  if (phase === "check" && shown.by_hand !== undefined) return check();
  if (phase === "slice" && shown.ways) return slice();
  if (shown.quantities) rows();
}

function tabs() {
  const names = [...PHASES.map((name) => [name, shown.phases ? say(shown.phases[name]) : tabs.words?.[name]?.[document.documentElement.lang] ?? name]), ["check", t("phase.check")], ["slice", t("phase.slice")]];
  if (shown.phases) tabs.words = shown.phases;
  const kept = document.activeElement?.dataset?.phase;
  $("phases").replaceChildren(...names.map(([name, text]) => el("button", { text, "data-phase": name, "aria-pressed": String(name === phase), onclick: () => open(name) })));
  if (kept) $("phases").querySelector(`[data-phase="${kept}"]`)?.focus();
}

export function open(name) {
  const before = phase;
  phase = name;
  at = null;
  if (PHASES.includes(name) && PHASES.includes(before)) {
    show();
    if (playing) ask(true);
    return;
  }
  $("inside-body").replaceChildren();
  $("inside-about").textContent = "";
  ask(true);
}

// --- rows ------------------------------------------------------------------------------------------------------------
function rows() {
  const s = store.selected;
  const place = $("inside-body").scrollTop;
  const body = el("tbody");
  const values = shown.values ?? {};
  const focused = document.activeElement?.dataset?.symbol;
  const formulas = shown.quantities.filter((q) => q.phase === phase && q.formula).map((q) => q.formula);
  shown.quantities.forEach((q, index) => {
    if (q.phase !== phase) return;
    if (s && s.l && q.layer !== s.l && q.phase !== "loss") return;
    const relation = q.phase === "update" ? "≔" : "=";
    const title = el("th", { colspan: "3", scope: "colgroup" }, math(q.symbol), ...(q.formula ? [` ${relation} `, formula(q.formula, values, again)] : []), el("span", { class: "small", text: say(q.shape) }), q.formula ? buttons(q.formula, values, again) : null);
    body.append(el("tr", { class: "q" }, title));
    q.rows.forEach((row, j) => {
      if (s && s.l && q.rows.length > 1 && j !== s.k && q.layer === s.l) return;
      const line = el("tr", { tabindex: "-1", "data-q": index, "data-j": j, onclick: () => look(index, j) }, el("td", {}, math(row[0])), el("td", { class: "value" }, math(row[2])), el("td", {}, row[1] ? math(row[1]) : ""));
      body.append(line);
    });
    if (q.count > q.rows.length && q.rows.length) body.append(el("tr", {}, el("td", { colspan: "3", text: t("more.rows", { n: q.count - q.rows.length }) })));
    if (q.matrix) body.append(el("tr", {}, el("td", { colspan: "3" }, math(q.matrix))));
  });
  const head = el("thead", {}, el("tr", {}, ...["col.symbol", "col.value", "col.numbers"].map((w) => el("th", { scope: "col", w }))));
  const all = el("button", { id: "all-symbols", w: "symbols.all", onclick: () => toggleAll(formulas, values, again) });
  $("inside-body").replaceChildren(all, el("table", {}, head, body));
  $("inside-body").scrollTop = place;
  if (focused) $("inside-body").querySelector(`[data-symbol="${CSS.escape(focused)}"]`)?.focus();
  if (at && shown.quantities[at.q]?.phase === phase) mark();
  else about();
}

// Symbols changed for numbers, or back: the same rows once more, where the reader is.
function again() {
  const focus = document.activeElement?.id;
  rows();
  if (focus === "all-symbols") $("all-symbols").focus();
}

function about() {
  const q = at ? shown.quantities[at.q] : shown.quantities.find((each) => each.phase === phase);
  $("inside-about").textContent = q ? say(q.about) : "";
}

function look(q, j) {
  at = at && at.q === q && at.j === j ? null : { q, j };
  mark();
}

// The row that is looked at, and those it is computed from: in the table, and in the network beside it.
function mark() {
  const lines = [...$("inside-body").querySelectorAll("tr[data-q]")];
  for (const line of lines) line.classList.remove("now", "parent");
  about();
  if (!at) return emit("lit", []);
  const { column, parents } = shown.quantities[at.q];
  const now = lines.find((line) => Number(line.dataset.q) === at.q && Number(line.dataset.j) === at.j);
  now?.classList.add("now");
  const last = store.state.network.sizes.length - 1;
  const layer = (key) => (/^\d+$/.test(key) ? Number(key) : last);
  const lit = [{ l: layer(column), k: at.j }];
  for (const [key, how] of parents) {
    const n = store.state.network.sizes[layer(key)];
    if (how === "all") for (let k = 0; k < n; k++) lit.push({ l: layer(key), k });
    else lit.push({ l: layer(key), k: at.j });
    for (const line of lines) {
      const q = shown.quantities[Number(line.dataset.q)];
      if (Number(line.dataset.q) < at.q && q.column === key && (how === "all" || Number(line.dataset.j) === at.j)) line.classList.add("parent");
    }
  }
  emit("lit", column === "" ? [] : lit);
}

// One row on or back, through all phases in the order in which a step computes them.
export function moveRow(step) {
  if (!shown?.quantities) return open("forward");
  const all = shown.quantities.flatMap((q, index) => q.rows.map((_, j) => ({ q: index, j, phase: q.phase })));
  if (!all.length) return;
  const here = at ? all.findIndex((row) => row.q === at.q && row.j === at.j) : step > 0 ? all.findIndex((row) => row.phase === phase) - 1 : all.length;
  const next = all[Math.max(0, Math.min(all.length - 1, here + step))];
  phase = next.phase;
  at = { q: next.q, j: next.j };
  show();
  $("inside-body").querySelector("tr.now")?.scrollIntoView({ block: "nearest" });
}

// --- gradient check --------------------------------------------------------------------------------------------------
function check() {
  const body = $("inside-body");
  const { layout } = store.state.network;
  const names = parameters(layout);
  const select = el("select", { id: "check-parameter", "aria-label": t("check.parameter"), onchange: (event) => ((store.parameter = Number(event.target.value)), ask(true)) });
  for (const [index, name] of names) select.append(el("option", { value: String(index), text: name }));
  select.value = String(shown.index);
  const forget = el("input", { id: "check-forget", type: "checkbox", checked: shown.forget, onchange: (event) => ((store.forget = event.target.checked), ask(true)) });
  const form = el("div", { class: "checkform" }, el("label", {}, el("span", { w: "check.parameter" }), " ", select), el("label", {}, forget, " ", el("span", { w: "check.forget" })));
  const good = shown.error < 1e-5;
  const plot = el("canvas", { class: "plot", role: "img", "aria-label": t("check.plot", { name: fromOne(shown.name) }) });
  const whole = shown.whole ? el("p", { class: `verdict ${shown.whole.ok ? "good" : "bad"}`, text: t("check.all", { n: shown.whole.n, error: num(shown.whole.error, 2), worst: fromOne(shown.whole.worst) }) }) : null;
  const focused = document.activeElement?.id;
  body.replaceChildren(form,
    el("p", { text: t("check.byhand", { v: num(shown.by_hand, 10) }) }),
    el("p", { text: t("check.numeric", { v: num(shown.numeric, 10) }) }),
    el("p", { class: `verdict ${good ? "good" : "bad"}`, text: `${t("check.error", { v: num(shown.error, 2) })} — ${t(good ? "check.ok" : "check.bad")}` }),
    whole ?? "", el("p", { class: "about", text: t("check.plot", { name: fromOne(shown.name) }) }), plot);
  if (focused?.startsWith("check-")) $(focused)?.focus();
  $("inside-about").textContent = "";
  curve(plot, shown.steps.map((s) => s + shown.value), shown.curve, { x: shown.value, y: shown.loss, slope: shown.by_hand });
}

// W[1][0, 2] as the page counts, from 1: W[1] (1, 3).
const fromOne = (name) => name.replace(/\[([\d, ]+)\]$/, (_, places) => ` (${places.split(",").map((k) => Number(k) + 1).join(", ")})`);

function parameters(layout) {
  const found = [];
  for (const [l, name, start, [rows, cols]] of layout)
    for (let i = 0; i < rows * (cols ?? 1) && found.length < 400; i++)
      found.push([start + i, cols ? `${name}[${l}] (${Math.floor(i / cols) + 1}, ${(i % cols) + 1})` : `${name}[${l}] (${i + 1})`]);
  return found;
}

function slice() {
  const plot = el("canvas", { class: "plot", role: "img", "aria-label": t("slice.plot") });
  const zero = shown.ways.findIndex((w) => w >= 0), one = shown.ways.findIndex((w) => w >= 1);
  const lower = shown.losses[one] !== null && shown.losses[one] <= shown.losses[zero];
  $("inside-body").replaceChildren(el("p", { w: "slice.about" }), el("p", { class: `verdict ${lower ? "good" : "bad"}`, w: lower ? "slice.good" : "slice.bad" }), plot);
  $("inside-about").textContent = "";
  curve(plot, shown.ways, shown.losses, { marks: [0, 1] });
}

function curve(canvas, xs, ys, { x, y, slope, marks = [] }) {
  const { draw: d, width, height } = context(canvas);
  const finite = ys.filter((v) => v !== null);
  let [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (high - low < 1e-9) [low, high] = [low - 0.5, high + 0.5];
  const left = 62, bottom = 24, top = 8, right = 12;
  const px = (v) => left + ((v - xs[0]) / (xs.at(-1) - xs[0])) * (width - left - right);
  const py = (v) => top + (1 - (v - low) / (high - low)) * (height - top - bottom);
  d.font = `12px ${token("font")}`;
  d.fillStyle = token("muted");
  d.strokeStyle = token("line");
  d.textBaseline = "middle";
  for (const v of [low, (low + high) / 2, high]) {
    d.textAlign = "right";
    d.fillText(num(v, 4), left - 6, py(v));
    d.beginPath(), d.moveTo(left, py(v)), d.lineTo(width - right, py(v)), d.stroke();
  }
  d.textAlign = "center";
  d.textBaseline = "top";
  for (const v of marks.length ? [...marks, 2, 3, 4] : [xs[0], x, xs.at(-1)]) d.fillText(num(v, 3), px(v), height - bottom + 6);
  d.strokeStyle = token("pos");
  d.lineWidth = 2;
  d.beginPath();
  ys.forEach((v, i) => v !== null && d.lineTo(px(xs[i]), py(v)));
  d.stroke();
  d.save();
  d.beginPath(), d.rect(left, top, width - left - right, height - top - bottom), d.clip();
  if (slope !== undefined) {
    d.strokeStyle = token("neg");
    d.setLineDash([6, 4]);
    d.beginPath();
    for (const v of [xs[0], xs.at(-1)]) d.lineTo(px(v), py(y + slope * (v - x)));
    d.stroke();
    d.setLineDash([]);
  }
  d.restore();
  const points = slope !== undefined ? [[x, y]] : marks.map((v) => [v, ys[xs.findIndex((w) => w >= v)]]);
  points.forEach(([vx, vy], k) => {
    if (vy === null || vy === undefined) return;
    d.fillStyle = token(k ? "neg" : "accent");
    d.beginPath(), d.arc(px(vx), py(vy), 5, 0, 7), d.fill();
  });
}
