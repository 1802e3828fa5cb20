// Colours that everyone can tell apart, each with a shape of its own; tokens of the theme are read once per theme.
import { on } from "./store.js";
import { rgb } from "./paint.js";
export { SHAPES, classColours, rgb, shape, regions, levels, border, hatch } from "./paint.js";

let tokens = {};

export function token(name) {
  if (!(name in tokens)) tokens[name] = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  return tokens[name];
}
on("theme", () => (tokens = {}));

// −1 … 1 as a colour between the sign's own and the panel's.
export function signed(share) {
  const ground = rgb(token("panel"));
  const full = rgb(token(share > 0 ? "pos" : "neg"));
  const size = Math.min(1, Math.abs(share));
  return ground.map((g, k) => Math.round(g + size * (full[k] - g)));
}
