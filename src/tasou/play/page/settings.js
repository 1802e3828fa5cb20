// Data and settings: every control changes the run itself at its first step, later it branches one off.
import { store, on } from "./store.js";
import { $, el } from "./dom.js";
import { t, say, num } from "./words.js";
import { tell } from "./wire.js";
import { change, choice, family, note, number, recipe, setup } from "./controls.js";
import { dataCards, dataOptions } from "./data.js";
import { stack } from "./stack.js";

let built = "";

on("state", build);
on("language", () => ((built = ""), build()));
on("theme", () => ((built = ""), build()));
on("redraw", () => ((built = ""), build()));
on("frame", (head) => {
  const now = $("lr-now");
  if (now && head.lr !== undefined) now.textContent = head.lr === Number($("lr")?.value) ? "" : `α = ${num(head.lr)}`;
});

function build() {
  if (!store.state) return;
  const wanted = JSON.stringify({ setup: setup(), losses: store.state.losses, data: store.state.data.title, lang: document.documentElement.lang });
  if (wanted === built) return;
  built = wanted;
  const focused = document.activeElement?.id;
  const inside = $("settings-body").contains(document.activeElement);
  $("settings-body").replaceChildren(dataCards(), dataOptions(), layers(), learning(), more());
  if (inside && focused) $(focused)?.focus();
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

