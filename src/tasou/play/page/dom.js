// Elements by hand: text always as text, never as markup.
import { t } from "./words.js";

export const $ = (id) => document.getElementById(id);

export function el(tag, { w, text, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (w) {
    element.dataset.w = w;
    element.textContent = t(w);
  }
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// MathML from nested lists, ["msup", ["mi", "W"], …]: built element by element.
const MATH = "http://www.w3.org/1998/Math/MathML";
export function math(tree, marked) {
  if (!tree) return document.createTextNode("");
  const [tag, ...rest] = tree;
  const element = document.createElementNS(MATH, tag);
  for (const part of rest) {
    if (typeof part === "string") element.append(part);
    else if (Array.isArray(part)) element.append(math(part, marked));
    else for (const [name, value] of Object.entries(part)) element.setAttribute(name, value);
  }
  if (tree.symbol) marked?.(element, tree);
  return element;
}

// A table of plain values, for those who do not see the picture.
export function table(head, rows) {
  return el(
    "table", {},
    el("thead", {}, el("tr", {}, ...head.map((text) => el("th", { scope: "col", text })))),
    el("tbody", {}, ...rows.map((row) => el("tr", {}, ...row.map((text) => el("td", { text }))))),
  );
}

// A canvas whose pixels are the screen's: gives its context in CSS pixels.
export function context(canvas) {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  const draw = canvas.getContext("2d");
  draw.setTransform(scale, 0, 0, scale, 0, 0);
  return { draw, width, height };
}
