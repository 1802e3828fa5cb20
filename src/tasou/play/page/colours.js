// Colours that everyone can tell apart, each with a shape of its own; tokens of the theme are read once per theme.
import { on } from "./store.js";

const THREE = ["#3f90da", "#ffa90e", "#bd1f01"];
const SIX = ["#5790fc", "#f89c20", "#e42536", "#964a8b", "#9c9ca1", "#7a21dd"];
const TEN = ["#3f90da", "#ffa90e", "#bd1f01", "#832db6", "#92dadd", "#a96b59", "#e76300", "#94a4a2", "#b9ac70", "#717581"];
export const SHAPES = ["●", "▲", "■", "◆", "✚", "✖", "▼", "★", "⬟", "⬢"];
let tokens = {};

export function classColours(n) {
  return n <= 3 ? THREE : n <= 6 ? SIX : TEN;
}

export function token(name) {
  if (!(name in tokens)) tokens[name] = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  return tokens[name];
}
on("theme", () => (tokens = {}));

export function rgb(hex) {
  const n = parseInt(hex.slice(1), 16);
  return hex.length === 4
    ? [...hex.slice(1)].map((c) => parseInt(c + c, 16))
    : [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

// −1 … 1 as a colour between the sign's own and the panel's.
export function signed(share) {
  const ground = rgb(token("panel"));
  const full = rgb(token(share > 0 ? "pos" : "neg"));
  const size = Math.min(1, Math.abs(share));
  return ground.map((g, k) => Math.round(g + size * (full[k] - g)));
}

// One point of a class: its shape in its colour, with an outline that holds on every ground.
export function shape(draw, k, x, y, r) {
  draw.beginPath();
  switch (k % 10) {
    case 0: draw.arc(x, y, r, 0, 2 * Math.PI); break;
    case 1: polygon(draw, x, y, r * 1.25, 3, -Math.PI / 2); break;
    case 2: draw.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8); break;
    case 3: polygon(draw, x, y, r * 1.2, 4, -Math.PI / 2); break;
    case 4: cross(draw, x, y, r * 1.1, 0); break;
    case 5: cross(draw, x, y, r * 1.1, Math.PI / 4); break;
    case 6: polygon(draw, x, y, r * 1.25, 3, Math.PI / 2); break;
    case 7: star(draw, x, y, r * 1.35); break;
    case 8: polygon(draw, x, y, r * 1.15, 5, -Math.PI / 2); break;
    default: polygon(draw, x, y, r * 1.15, 6, 0);
  }
  draw.closePath();
}

function polygon(draw, x, y, r, n, turn) {
  for (let k = 0; k < n; k++) {
    const angle = turn + (2 * Math.PI * k) / n;
    draw.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
}

function star(draw, x, y, r) {
  for (let k = 0; k < 10; k++) {
    const angle = -Math.PI / 2 + (Math.PI * k) / 5;
    const size = k % 2 ? r * 0.45 : r;
    draw.lineTo(x + size * Math.cos(angle), y + size * Math.sin(angle));
  }
}

function cross(draw, x, y, r, turn) {
  const w = r * 0.38;
  const points = [[-w, -r], [w, -r], [w, -w], [r, -w], [r, w], [w, w], [w, r], [-w, r], [-w, w], [-r, w], [-r, -w], [-w, -w]];
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  for (const [px, py] of points) draw.lineTo(x + c * px - s * py, y + s * px + c * py);
}
