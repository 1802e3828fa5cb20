// A symbol of a formula and its number: each can stand in the place of the other, one by one or all at once.
import { el, math } from "./dom.js";
import { t } from "./words.js";

const numbers = new Set(); // the symbols whose numbers are shown
const letters = (part) => (typeof part === "string" ? part : Array.isArray(part) ? part.slice(1).map(letters).join("") : "");
const plain = (text) => text.replace(/⊤$/, "");

// The symbols of a formula whose values are known, in their order.
export function symbolsOf(formula, values) {
  const found = [];
  walk(formula, values, (name) => found.includes(name) || found.push(name));
  return found;
}

function walk(part, values, visit) {
  if (!Array.isArray(part)) return;
  const name = plain(letters(part));
  if (part[0] !== "math" && part[0] !== "mrow" && name in values) return visit(name);
  for (const each of part.slice(1)) walk(each, values, visit);
}

// The formula, with numbers where they were asked for; a click on a symbol, or on its number, changes it for the other.
export function formula(tree, values, changed) {
  return math(withNumbers(tree, values), (element, part) => {
    const name = part.symbol;
    element.classList.add("symbol");
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      toggle(name, changed);
    });
  });
}

function withNumbers(part, values) {
  if (!Array.isArray(part)) return part;
  const text = letters(part), name = plain(text);
  if (part[0] !== "math" && part[0] !== "mrow" && name in values) {
    const inside = numbers.has(name) ? ["mrow", ...values[name].slice(1)] : part;
    const marked = numbers.has(name) && text !== name ? ["msup", inside, ["mi", "⊤"]] : [...inside];
    marked.symbol = name;
    return marked;
  }
  return part.map((each, k) => (k ? withNumbers(each, values) : each));
}

export function toggle(name, changed) {
  if (!numbers.delete(name)) numbers.add(name);
  changed();
}

// The same by keys and for those who do not point: a small button for each symbol.
export function buttons(tree, values, changed) {
  const found = symbolsOf(tree, values);
  if (!found.length) return null;
  return el("span", { class: "symbols", role: "group", "aria-label": t("symbols") }, ...found.map((name) => el("button", { text: name.replace(/^y[^a-z[]$/, "ŷ"), "data-symbol": name, "aria-pressed": String(numbers.has(name)), title: t("symbol.number", { name }), onclick: (event) => (event.stopPropagation(), toggle(name, changed)) })));
}

export function toggleAll(trees, values, changed) {
  const found = trees.flatMap((tree) => symbolsOf(tree, values));
  const all = found.every((name) => numbers.has(name));
  for (const name of found) all ? numbers.delete(name) : numbers.add(name);
  changed();
}
