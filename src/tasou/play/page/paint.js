// What is drawn alike in the playground and in recorded pages: pure functions of numbers and colours.
const THREE = ["#3f90da", "#ffa90e", "#bd1f01"];
const SIX = ["#5790fc", "#f89c20", "#e42536", "#964a8b", "#9c9ca1", "#7a21dd"];
const TEN = ["#3f90da", "#ffa90e", "#bd1f01", "#832db6", "#92dadd", "#a96b59", "#e76300", "#94a4a2", "#b9ac70", "#717581"];
export const SHAPES = ["●", "▲", "■", "◆", "✚", "✖", "▼", "★", "⬟", "⬢"];

export function classColours(n) {
  return n <= 3 ? THREE : n <= 6 ? SIX : TEN;
}

export function rgb(hex) {
  const n = parseInt(hex.slice(1), 16);
  return hex.length === 4
    ? [...hex.slice(1)].map((c) => parseInt(c + c, 16))
    : [(n >> 16) & 255, (n >> 8) & 255, n & 255];
}

// Regions in the colour of their class, the stronger the surer the network is.
export function regions(image, classes, top, names, ground, strength = 0.42) {
  const colours = classColours(names).map(rgb);
  const least = 1 / Math.max(2, names);
  for (let i = 0; i < classes.length; i++) {
    const colour = colours[classes[i]] ?? ground;
    const sure = strength * Math.max(0.12, (top[i] / 255 - least) / (1 - least));
    for (let k = 0; k < 3; k++) image.data[4 * i + k] = ground[k] + sure * (colour[k] - ground[k]);
    image.data[4 * i + 3] = 255;
  }
}

// A number over the plane: between the colours of the two signs.
export function levels(image, level, ground, low, high) {
  for (let i = 0; i < level.length; i++) {
    const share = level[i] / 127.5 - 1;
    const colour = share > 0 ? high : low;
    for (let k = 0; k < 3; k++) image.data[4 * i + k] = ground[k] + 0.8 * Math.abs(share) * (colour[k] - ground[k]);
    image.data[4 * i + 3] = 255;
  }
}

// The border: between neighbours of different classes it runs where their margins over the runner-up meet.
export function border(d, w, h, c, margin, n, ink) {
  const cut = (a, b) => (c[a] === c[b] ? null : margin[a] / (margin[a] + margin[b]));
  d.beginPath();
  for (let y = 0; y < n - 1; y++)
    for (let x = 0; x < n - 1; x++) {
      const i = y * n + x;
      if (c[i] === c[i + 1] && c[i] === c[i + n] && c[i] === c[i + n + 1]) continue;
      const found = [];
      let s;
      if ((s = cut(i, i + 1)) !== null) found.push([x + s, y]);
      if ((s = cut(i + 1, i + n + 1)) !== null) found.push([x + 1, y + s]);
      if ((s = cut(i + n, i + n + 1)) !== null) found.push([x + s, y + 1]);
      if ((s = cut(i, i + n)) !== null) found.push([x, y + s]);
      if (found.length === 2) {
        d.moveTo(found[0][0] * w, found[0][1] * h);
        d.lineTo(found[1][0] * w, found[1][1] * h);
      } else {
        const mx = found.reduce((a, p) => a + p[0], 0) / found.length, my = found.reduce((a, p) => a + p[1], 0) / found.length;
        for (const [px, py] of found) d.moveTo(mx * w, my * h), d.lineTo(px * w, py * h);
      }
    }
  d.strokeStyle = ink;
  d.lineWidth = 1.5;
  d.stroke();
}

// Lines over the region of each class, in a way of its own.
const WAYS = [[45], [135], [0], [90], [45, 135], [0, 90], [22], [158], [68], [112]];
export function hatch(d, classes, n, width, height, ink, apart = 8) {
  const w = width / (n - 1), h = height / (n - 1), reach = Math.hypot(width, height) / 2;
  d.save();
  d.strokeStyle = ink;
  d.lineWidth = 1;
  d.globalAlpha = 0.4;
  for (const k of new Set(classes)) {
    d.save();
    d.beginPath();
    for (let y = 0; y < n; y++)
      for (let x = 0, from = 0; x < n; x = from) {
        while (from < n && classes[y * n + from] === classes[y * n + x]) from++;
        if (classes[y * n + x] === k) d.rect((x - 0.5) * w, (y - 0.5) * h, (from - x) * w, h + 0.5);
      }
    d.clip();
    d.translate(width / 2, height / 2);
    for (const degrees of WAYS[k % WAYS.length]) {
      d.save();
      d.rotate((degrees * Math.PI) / 180);
      d.beginPath();
      for (let at = -reach; at < reach; at += apart) d.moveTo(-reach, at), d.lineTo(reach, at);
      d.stroke();
      d.restore();
    }
    d.restore();
  }
  d.restore();
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
