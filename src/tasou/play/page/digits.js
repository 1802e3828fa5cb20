// A field to draw a digit in: it goes through the net, and every unit shows what it answers.
import { store, on, emit } from "./store.js";
import { $, el } from "./dom.js";
import { t, percent } from "./words.js";
import { send } from "./wire.js";
import { token } from "./colours.js";

let ink = null;
let pen = false;

on("state", ({ anew }) => build(anew));
on("language", () => build(false));
on("frame", (head) => ink && !head.playing && ask());

function build(anew) {
  const image = store.state?.data.image;
  const box = $("sketch");
  box.hidden = !image;
  if (!image) {
    if (ink) emit("drawn", null), emit("ink", null);
    return (ink = null);
  }
  if (ink && ink.length === image[0] * image[1] && !anew && box.childElementCount && build.lang === document.documentElement.lang) return;
  build.lang = document.documentElement.lang;
  ink ??= new Float32Array(image[0] * image[1]);
  if (ink.length !== image[0] * image[1]) ink = new Float32Array(image[0] * image[1]);
  const canvas = el("canvas", { id: "sketch-field", width: "200", height: "200", tabindex: "0", role: "img", "aria-label": t("sketch.how") });
  canvas.addEventListener("pointerdown", (event) => ((pen = true), canvas.setPointerCapture(event.pointerId), dab(canvas, event)));
  canvas.addEventListener("pointermove", (event) => pen && dab(canvas, event));
  canvas.addEventListener("pointerup", () => (pen = false));
  const examples = el("button", { w: "sketch.example", onclick: example });
  const clear = el("button", { w: "sketch.clear", onclick: () => (ink.fill(0), paint(), ask()) });
  box.replaceChildren(el("h3", { w: "sketch" }), el("p", { class: "about", w: "sketch.how" }), el("div", { class: "sketchrow" }, canvas, el("ul", { id: "sketch-answer", class: "bars" })), el("div", { class: "layers" }, clear, examples));
  paint();
  ask();
  tiles();
}

// Some of the data's pictures: a click puts one into the field.
const TILES = 12;
async function tiles() {
  const mine = store.state.data;
  const box = el("div", { class: "tiles", id: "sketch-tiles" });
  $("sketch").append(box);
  for (let index = 0; index < Math.min(TILES, mine.shown); index++) {
    const answer = await send("row", { index }).catch(() => null);
    if (!answer || store.state.data.image?.join() !== mine.image.join()) return;
    const name = mine.task === "classification" ? mine.classes[mine.y[index]] : String(mine.y[index]);
    const canvas = el("canvas", { width: "40", height: "40" });
    box.append(el("button", { class: "picture", "aria-label": t("sketch.tile", { k: index + 1, name }), title: name, onclick: () => put(answer.x) }, canvas));
    drawInk(canvas, answer.x, mine.image, 40);
  }
}

function put(x) {
  ink.set(x);
  paint();
  ask();
}

function dab(canvas, event) {
  const [h, w] = store.state.data.image;
  const box = canvas.getBoundingClientRect();
  const x = ((event.clientX - box.left) / box.width) * w - 0.5, y = ((event.clientY - box.top) / box.height) * h - 0.5;
  const reach = Math.max(0.76, 0.045 * w); // a pen some pixels wide
  for (let i = 0; i < h; i++)
    for (let j = 0; j < w; j++) {
      const more = Math.exp(-((i - y) ** 2 + (j - x) ** 2) / (2 * reach ** 2));
      ink[i * w + j] = Math.min(1, Math.max(ink[i * w + j], more));
    }
  paint();
  ask();
}

// One of the data's own pictures, the next one each time.
let next = 0;
async function example() {
  try {
    const { x } = await send("row", { index: next++ % store.state.data.shown });
    put(x);
  } catch {
    // told already
  }
}

function paint() {
  drawInk($("sketch-field"), ink, store.state.data.image, 200);
  emit("ink", ink);
}

function drawInk(canvas, ink, [h, w], size) {
  const d = canvas.getContext("2d");
  d.fillStyle = token("panel");
  d.fillRect(0, 0, size, size);
  for (let i = 0; i < ink.length; i++) {
    d.globalAlpha = Math.min(1, Math.abs(ink[i]));
    d.fillStyle = token(ink[i] < 0 ? "neg" : "ink");
    d.fillRect((i % w) * (size / w), Math.floor(i / w) * (size / h), size / w + 0.5, size / h + 0.5);
  }
  d.globalAlpha = 1;
}

let busy = false, again = false;
async function ask() {
  if (busy) return (again = true);
  busy = true;
  try {
    const { y_hat: p, layers } = await send("predict", { x: [...ink].map((v) => Number(v.toFixed(4))) });
    const { classes } = store.state.data;
    const best = p.indexOf(Math.max(...p));
    $("sketch-answer")?.replaceChildren(...p.map((v, k) => {
      const bar = el("span", { class: "bar" });
      bar.style.width = `${Math.max(0, Math.min(1, v)) * 100}%`;
      return el("li", { class: k === best ? "best" : "" }, el("span", { text: classes[k] ?? String(k) }), el("span", { class: "rail" }, bar), el("span", { text: percent(v) }));
    }));
    if (!store.state.network.plain) emit("drawn", ink.some((v) => v) ? [...ink] : null);
    emit("activations", ink.some((v) => v > 0) ? layers : null);
  } catch {
    // another network by now, or the server is away
  }
  busy = false;
  if (again) (again = false), ask();
}
