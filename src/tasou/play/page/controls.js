// What settings are made of: a labelled number, choice or text, the setting's value now, and the way to change it.
import { store } from "./store.js";
import { el } from "./dom.js";
import { t, say, has } from "./words.js";
import { tell } from "./wire.js";

export const setup = () => store.state.setup;
export const recipe = (name, otherwise) => store.state.setup.recipe[name] ?? otherwise;

export function change(changes) {
  return tell("change", { changes });
}

export function family(kind, now) {
  const known = store.state.choices[kind].map(({ name }) => [name, name]);
  for (const each of [now].flat()) if (each && !known.some(([name]) => name === each)) known.push([each, each]);
  return known;
}

export function note(kind, name) {
  return say(store.state.choices[kind].find((each) => each.name === String(name).split("(")[0])?.notes);
}

// A formula by the name people call it, with its constants behind it.
export function called(name, otherwise = name) {
  const [stem, constants] = String(name).split("(");
  return has(`name.${stem.trim()}`) ? t(`name.${stem.trim()}`) + (constants ? ` (${constants === "all)" ? `${t("stack.everything")})` : constants}` : "") : otherwise;
}

// A setting by the name it has beside its control, and its value as it is chosen there.
const NAMES = { batch_size: "batch", loss: "loss.name", hidden: "hidden.layers", layers: "stack", "data.name": "data", "data.steps": "data.steps", "lr.live": "lr", "data.rows": "data.points" };
export function settingName(name) {
  const key = [NAMES[name], `knob.${name}`, name].find((each) => each && has(each));
  return key ? t(key) : name;
}

export function settingValue(value) {
  if (value === null || value === undefined) return "–";
  return [value].flat().map((each) => (typeof each === "string" ? called(each) : String(each))).join(" · ");
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

export function line(id, word, value, { maxlength, placeholder }, set, help) {
  const input = el("input", { id, type: "text", maxlength, placeholder, value, spellcheck: "false", autocomplete: "off" });
  input.addEventListener("change", () => set(input.value));
  return el("label", { class: "row wide" }, el("span", { w: word }), input, help ? el("span", { class: "why", text: help }) : null);
}
