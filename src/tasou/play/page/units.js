// What is painted on a unit: its answer over the plane, to one row, its weights as a picture, how often it fires.
import { store, on } from "./store.js";
import { signed, token } from "./colours.js";

// The canvas with so many pixels: setting a size, even the same, makes a new picture.
function sized(canvas, w, h) {
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  return canvas.getContext("2d");
}

export function drawMap(canvas, maps, at) {
  const [, h, w] = maps.shape;
  const image = new ImageData(w, h);
  const shades = palette();
  for (let i = 0; i < w * h; i++) {
    const c = 3 * maps[at * w * h + i];
    image.data.set([shades[c], shades[c + 1], shades[c + 2], 255], 4 * i);
  }
  sized(canvas, w, h).putImageData(image, 0, 0);
}

// How strongly a unit answers one row.
export function drawAnswer(canvas, value) {
  const image = new ImageData(1, 1);
  image.data.set([...signed(Math.tanh(value)), 255]);
  sized(canvas, 1, 1).putImageData(image, 0, 0);
}

// The weights of a unit of the first layer as a picture, where rows are pictures.
export function drawWeights(canvas, { theta, tiles }, k, [h, w]) {
  const start = theta ? store.state.network.layout[0][2] + k * h * w : k * h * w;
  const weight = theta ? (i) => theta[start + i] : (i) => tiles[start + i] - 128;
  const image = new ImageData(w, h);
  let most = 1e-12;
  for (let i = 0; i < h * w; i++) most = Math.max(most, Math.abs(weight(i)));
  for (let i = 0; i < h * w; i++) image.data.set([...signed(weight(i) / most), 255], 4 * i);
  sized(canvas, w, h).putImageData(image, 0, 0);
}

let shades = null;
on("theme", () => (shades = null));
function palette() {
  if (!shades) {
    shades = new Uint8Array(768);
    for (let b = 0; b < 256; b++) shades.set(signed((b - 128) / 127), 3 * b);
  }
  return shades;
}

// Without a map a unit is as full as the share of rows on which it fires.
export function drawShade(canvas, units, at) {
  const d = sized(canvas, 16, 16);
  d.fillStyle = token("panel");
  d.fillRect(0, 0, 16, 16);
  d.fillStyle = token("pos");
  const share = units[4 * at + 1];
  d.fillRect(0, 16 * (1 - share), 16, 16 * share);
}
