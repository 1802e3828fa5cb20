// Layers beyond dense ones: which stand before the last, and with which numbers.
import { store } from "./store.js";
import { el } from "./dom.js";
import { t } from "./words.js";
import { choice, family, number } from "./controls.js";

const NUMBERS = ["filters", "kernel", "units", "size"];

export function stack(change) {
  const { setup, network, choices } = store.state;
  const given = setup.layers;
  const set = (layers) => change({ layers });
  const rows = given.map((part, k) => {
    const put = (changes) => set(given.map((each, j) => (j === k ? { ...each, ...changes } : each)));
    const axes = network.shapes[k].length;
    const kinds = Object.keys(choices.layers).filter((kind) => kind === part.layer || choices.reads[kind].includes(axes));
    const made = { ...choices.layers[part.layer], ...part };
    const line = el("div", { class: "stacked" }, choice(`stack-${k}`, null, kinds.map((kind) => [kind, t(`name.${kind}`)]), part.layer, (layer) => set(given.map((each, j) => (j === k ? { layer } : each))), null, t("stack.layer", { l: k + 1 })));
    for (const name of NUMBERS)
      if (name in made) line.append(number(`stack-${k}-${name}`, `stack.${name}`, made[name] ?? "", { min: 1, max: 256, step: 1, placeholder: name === "size" ? t("stack.everything") : undefined }, (value) => put({ [name]: value === "" ? null : value })));
    if ("activation" in made) line.append(choice(`stack-${k}-activation`, "activation", family("activation", made.activation), made.activation, (activation) => put({ activation })));
    return line;
  });
  const add = el("button", { w: "layer.add", onclick: () => set([...given, { layer: "dense", units: 8 }]) });
  const remove = el("button", { w: "layer.remove", onclick: () => set(given.slice(0, -1)) });
  remove.disabled = !given.length;
  return el("fieldset", {}, el("legend", { w: "stack" }), ...rows, el("div", { class: "layers" }, add, remove),
    el("button", { id: "stack-dense", w: "stack.dense", onclick: () => change({ layers: null }) }));
}
