// What the colours, the shapes, the lines and the rings of the plane mean.
import { store } from "./store.js";
import { $, el } from "./dom.js";
import { t, num } from "./words.js";
import { classColours, shape, rgb, token, hatch } from "./colours.js";

// Lines over the regions, for print and for eyes to which two colours are one; on by itself where contrast is wanted.
export const hatched = () => $("hatch").checked;
$("hatch").checked = (localStorage.getItem("hatch") ?? (matchMedia("(forced-colors: active), (prefers-contrast: more)").matches ? "yes" : "no")) === "yes";

export function legend() {
  const { data } = store.state;
  const mark = (draw, wide = 16, high = 16) => {
    const canvas = el("canvas", { width: String(2 * wide), height: String(2 * high), "aria-hidden": "true", class: wide > 16 ? "scale" : undefined });
    const d = canvas.getContext("2d");
    d.scale(2, 2);
    d.strokeStyle = token("outline");
    draw(d);
    return canvas;
  };
  const point = (k, fill, alpha = 1) => mark((d) => (hatched() && alpha === 1 && hatch(d, new Uint8Array(4).fill(k), 2, 16, 16, token("ink")), shape(d, k, 8, 8, 5), (d.globalAlpha = alpha), (d.fillStyle = fill), d.fill(), d.stroke()));
  const colours = classColours(data.classes.length);
  const items = [];
  if (data.task === "classification")
    for (const [k, name] of data.classes.slice(0, 12).entries()) items.push([point(k, colours[k % colours.length]), name]);
  else if (data.curve) items.push([mark((d) => ((d.strokeStyle = token("accent")), (d.lineWidth = 2.5), d.beginPath(), d.moveTo(1, 8), d.lineTo(15, 8), d.stroke())), t("prediction")]);
  else {
    const [low, high] = extent(data.y);
    items.push([mark((d) => { for (let i = 0; i < 110; i++) (d.fillStyle = value(i / 109)), d.fillRect(i, 0, 1, 12); }, 110, 12), `${num(low, 3)} … ${num(high, 3)}`]);
  }
  if (data.heldAt.some(Boolean)) items.push([point(0, data.task === "classification" ? colours[0] : token("muted"), 0.4), t("legend.held")]);
  if (data.task === "classification" && data.xy.length <= 1000) items.push([mark((d) => ((d.strokeStyle = token("bad")), (d.lineWidth = 1.6), d.arc(8, 8, 6, 0, 7), d.stroke())), t("legend.wrong")]);
  $("legend").replaceChildren(...items.map(([canvas, text]) => el("li", {}, canvas, el("span", { text }))));
}

export function extent(values) {
  return values.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
}

export function value(share) {
  const ground = rgb(token("panel")), s = 2 * share - 1, full = rgb(token(s > 0 ? "pos" : "neg"));
  return `rgb(${ground.map((g, k) => Math.round(g + Math.abs(s) * (full[k] - g))).join(" ")})`;
}
