// The weights that enter the chosen unit, to the last digit; typing another one makes a run of its own.
import { store, on, current } from "./store.js";
import { $, el } from "./dom.js";
import { t } from "./words.js";
import { send, tell } from "./wire.js";
import { unitName } from "./network.js";

const MOST = 64; // weights of a unit that are shown
let shown = ""; // which unit they are of, and in which network

on("selected", build);
on("state", build);
on("language", () => ((shown = ""), build()));
on("frame", (head) => !head.playing && build());
on("weight", async (place) => {
  await build();
  $(`weight-${place}`)?.focus();
  $(`weight-${place}`)?.select();
});

// The places in θ of what enters a unit, with what each is called.
function entering({ l, k }) {
  const { network } = store.state;
  const place = (name) => network.layout.find(([layer, symbol]) => layer === l && symbol === name);
  const [W, b] = [place("W"), place("b")];
  if (!l || !W || !network.dense[l - 1] || !current().arrays.theta) return [];
  const [, , start, [, cols]] = W;
  const found = Array.from({ length: Math.min(cols, MOST) }, (_, i) => ({ index: start + k * cols + i, text: `W[${l}] (${k + 1}, ${i + 1})`, from: unitName(l - 1, i) }));
  return b ? [...found, { index: b[2] + k, text: `b[${l}] (${k + 1})`, from: t("bias") }] : found;
}

function build() {
  if (!current()) return; // a run that has just begun: its first picture is on its way
  const box = $("weights"), unit = store.selected;
  const known = unit && store.state.network.sizes[unit.l] > unit.k ? entering(unit) : [];
  box.hidden = !known.length;
  if (box.hidden) return (shown = ""), box.replaceChildren();
  const now = JSON.stringify([unit, store.state.network.layout]);
  if (now !== shown) {
    shown = now;
    const fields = known.map(({ index, text, from }) => {
      const input = el("input", { id: `weight-${index}`, "data-index": index, type: "number", step: "any", "aria-label": `${text}, ${from}` });
      input.addEventListener("change", () => (input.value === "" ? fill() : tell("set_parameter", { index, value: Number(input.value) }).then(fill)));
      return el("label", {}, el("span", { text }), el("span", { class: "why", text: from }), input);
    });
    box.replaceChildren(el("h3", { text: t("weights", { name: unitName(unit.l, unit.k) }) }), el("p", { class: "about", w: "weights.about" }), el("div", { class: "weights" }, ...fields));
  }
  return fill();
}

// Each number as the engine has it; one that is being typed is left alone.
async function fill() {
  const inputs = [...$("weights").querySelectorAll("input")];
  if (!inputs.length) return;
  const values = await send("values", { index: inputs.map((input) => Number(input.dataset.index)) }).catch(() => null);
  if (values) inputs.forEach((input, k) => !input.dataset.typed && input.value !== String(values[k]) && (input.value = String(values[k])));
}

$("weights").addEventListener("input", ({ target }) => (target.dataset.typed = "yes"));
$("weights").addEventListener("change", ({ target }) => delete target.dataset.typed);
$("weights").addEventListener("focusout", ({ target }) => delete target.dataset.typed);
