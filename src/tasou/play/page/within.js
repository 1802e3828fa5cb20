// One row on its way through layers beyond dense ones: maps of filters, states over time, the weights of attention.
import { store, on } from "./store.js";
import { $, el } from "./dom.js";
import { t, num, percent } from "./words.js";
import { send } from "./wire.js";
import { signed } from "./colours.js";
import { called } from "./controls.js";

let shown = null;
let asked = 0;
let drawn = null; // the picture that somebody has drawn, in place of a row of the data

on("state", ask);
on("chosen", ask);
on("language", show);
on("theme", show);
on("frame", (head) => (!head.playing || performance.now() - asked > 300) && ask());
$("sample-no").addEventListener("change", ask);
on("drawn", (x) => {
  drawn = x;
  ask();
});

async function ask() {
  if (!store.state) return;
  if (store.state.network.plain) {
    shown = null;
    return show();
  }
  asked = performance.now();
  const mine = asked;
  const point = store.chosen ?? undefined;
  const which = drawn ? { x: drawn } : point !== undefined ? { point } : { sample: Math.max(0, Number($("sample-no").value) - 1) };
  try {
    const answer = await send("within", which);
    if (mine !== asked) return;
    shown = answer;
    show();
  } catch {
    // told already, or another network by now
  }
}

function show() {
  const box = $("within");
  box.hidden = !shown || store.state.network.plain;
  if (box.hidden || shown.layers.length !== store.state.network.shapes.length) return box.replaceChildren();
  const which = drawn ? t("within.drawn") : store.chosen !== undefined && store.chosen !== null ? t("within.chosen") : t("within.sample", { n: $("sample-no").value });
  box.replaceChildren(el("h3", { text: `${t("within")} (${which})` }), ...shown.layers.map(row));
}

function row(layer, l) {
  const { network } = store.state;
  const last = network.shapes.length - 1;
  const name = l === 0 ? t("role.input") : l === last ? t("role.output") : called(network.labels[l - 1]);
  return el("div", { class: "passing", "data-layer": l }, el("span", { class: "about", text: `${name} · ${network.shapes[l].join(" × ")}` }), DRAW[layer.kind](layer, name, shown.layers[l - 1]));
}

const DRAW = {
  maps: ({ values, filters }, name) =>
    el("div", { class: "tiles" }, ...values.map((map, k) => {
      const tile = el("span", { class: "tile" });
      if (filters) tile.append(picture(filters[k], t("within.filter", { k: k + 1 })));
      tile.append(picture(map, `${name} ${k + 1}: ${span(map.flat())}`, most(values.flat(2))));
      return tile;
    })),
  states: ({ values }, name) => el("div", { class: "states" }, picture(values, `${name}: ${span(values.flat())}`, most(values.flat())), el("span", { class: "about", text: t("within.steps", { n: values[0].length, units: values.length }) })),
  items: ({ items }) => el("ol", { class: "items" }, ...items.map((text) => el("li", { text }))),
  weights: ({ values }, name, before) => bars(values, before?.items ?? values.map((_, k) => String(k + 1))),
  numbers: ({ values, names }) =>
    names && values.length === names.length
      ? bars(values, names)
      : el("span", { class: "states" }, picture([values], span(values), most(values)), el("span", { class: "about", text: values.length <= 8 ? values.map((v) => num(v, 3)).join(", ") : span(values) })),
};

function bars(values, names) {
  const best = values.indexOf(Math.max(...values));
  return el("ul", { class: "bars" }, ...values.map((v, k) => {
    const bar = el("span", { class: "bar" });
    bar.style.width = `${Math.max(0, Math.min(1, v)) * 100}%`;
    return el("li", { class: k === best ? "best" : "" }, el("span", { text: names[k] }), el("span", { class: "rail" }, bar), el("span", { text: percent(v) }));
  }));
}

const most = (values) => Math.max(1e-12, ...values.map((v) => Math.abs(v ?? 0)));
const span = (values) => t("within.span", { low: num(Math.min(...values), 3), high: num(Math.max(...values), 3) });

// Numbers as squares of colour, each size on one scale.
function picture(rows, label, scale = most(rows.flat())) {
  const h = rows.length, w = rows[0].length;
  const canvas = el("canvas", { width: String(w), height: String(h), role: "img", "aria-label": label, title: label });
  const image = new ImageData(w, h);
  rows.flat().forEach((v, i) => image.data.set([...signed((v ?? 0) / scale), 255], 4 * i));
  canvas.getContext("2d").putImageData(image, 0, 0);
  const size = w > 30 ? 8 : Math.max(9, Math.min(14, Math.floor(110 / Math.max(h, Math.min(w, 8)))));
  canvas.style.width = `${w * size}px`;
  canvas.style.height = `${h * size}px`;
  return canvas;
}
