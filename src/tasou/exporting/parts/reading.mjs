// Parts of the printed JavaScript module; what stands between the scissors is copied as it is.
// --- 8< ---
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/;
const PLAIN = /^-?(?:0|[1-9]\d*)\.\d+$/;

/** The row of a table for a code; the nearest, for what is none. */
const rowOf = (code, rows) => Math.trunc(Math.min(Math.max(code, 0), rows - 1)) || 0;

/** What column j makes of a cell: a number. null and "" are missing; texts are read as in a file. */
export function cell(j, value) {
  const [name, kind] = columns[j];
  if (value === null || value === undefined || Number.isNaN(value)) value = "";
  if (value instanceof Date) value = value.toISOString().slice(0, 19);
  if (typeof value !== "string") {
    if (kind !== "level") return Number(value);
    value = value === true ? "True" : value === false ? "False" : String(value);
  }
  let text = value.trim();
  if (missing.has(text)) text = "";
  if (kind === "level") {
    const known = levels[j];
    if (PLAIN.test(text) && !known.has(text)) text = text.replace(/\.?0+$/, "");
    return known.get(value) ?? known.get(text) ?? -1;
  }
  if (text === "") return NaN;
  if (kind === "number") {
    if (!NUMBER.test(text)) throw new RangeError(`column "${name}" must hold numbers, but here it says "${value}"`);
    return Number(text);
  }
  const parts = DATE.exec(text)?.slice(1).map((part) => Number(part ?? 0));
  if (parts && parts[0] > 0) {
    const [year, month, day, hour, minute, second] = parts;
    const moment = new Date(0);
    moment.setUTCFullYear(year, month - 1, day);
    moment.setUTCHours(hour, minute, second);
    const same = moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
    if (same && hour < 24 && minute < 60 && second < 60) return moment.getTime() / 1000 / 86400;
  }
  throw new RangeError(`column "${name}" must hold dates as 2024-03-01, but here it says "${value}"`);
}

/** The number of the class that the answers name. */
function chosen(found) {
  if (threshold !== null) return Number(found[1] > threshold);
  if (found.length === 1) return Number(found[0] > 0);
  let best = 0;
  for (let k = 1; k < found.length; k++) if (found[k] > found[best]) best = k;
  return best;
}

const cellsOf = (row) => columns.map(([name], j) => cell(j, Array.isArray(row) ? row[j] : row[name]));

/** The class (the labels, the number or numbers) of a row: an object with a cell for each of columns, or an array. */
export function predict(row) {
  const found = answers(cellsOf(row));
  if (kind === "labels") return classes.filter((_, k) => found[k] > 0.5);
  if (kind === "numbers") return found.length === 1 ? found[0] : Array.from(found);
  return classes[chosen(found)];
}

/** The probability of each class, in the order of classes. */
export function predictProba(row) {
  if (kind !== "classes" && kind !== "labels") throw new TypeError("this model gives no probabilities");
  return Array.from(answers(cellsOf(row)));
}
// --- 8< ---
/** A number with so many digits, as C's %g writes it. */
function general(x, digits) {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf";
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  const bare = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  const [mantissa, power] = x.toExponential(digits - 1).split("e");
  const e = Number(power);
  if (e >= -4 && e < digits) return bare(x.toFixed(digits - 1 - e));
  return `${bare(mantissa)}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
}

/** A line of the program's output. */
function written(found) {
  if (kind === "numbers") return Array.from(found, (x) => general(x, 7)).join(",");
  if (kind === "sides") return labels[chosen(found)];
  const first = kind === "labels" ? labels.filter((_, k) => found[k] > 0.5).join(" ") : labels[chosen(found)];
  return [first, ...Array.from(found, (p) => general(p, 6))].join(",");
}

/** [line number, cells] of each record. */
function* records(text) {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const start = line;
    const cells = [];
    let blank = true;
    for (;;) {
      let value = "";
      if (text[at] === '"') {
        blank = false;
        for (at++; ; at++) {
          if (at >= text.length) throw new RangeError(`line ${start}: a quotation mark is not closed`);
          if (text[at] === '"' && text[at + 1] === '"') at++;
          else if (text[at] === '"') break;
          if (text[at] === "\n") line++;
          value += text[at];
        }
        at++;
        if (at < text.length && !",\r\n".includes(text[at])) {
          throw new RangeError(`line ${start}: ',' expected after '"'`);
        }
      } else {
        const from = at;
        while (at < text.length && !",\r\n".includes(text[at])) at++;
        value = text.slice(from, at);
      }
      cells.push(value);
      if (value !== "") blank = false;
      if (text[at] !== ",") break;
      at++;
    }
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
    line++;
    if (cells.length > 1 || !blank) yield [start, cells];
  }
}

/** The output, line by line, of the bytes of a CSV file. */
export function* run(bytes) {
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new RangeError("the file is not UTF-8");
  }
  const lines = records(text);
  const head = (lines.next().value ?? [1, []])[1].map((name) => name.trim());
  const places = columns.map(([name]) => head.indexOf(name));
  const lost = columns.filter(([name]) => head.filter((other) => other === name).length !== 1);
  if (lost.length) {
    const names = lost.map(([name]) => name).join(", ");
    throw new RangeError(`line 1: the header must name each of these columns once: ${names}`);
  }
  yield header;
  for (const [line, cells] of lines) {
    if (cells.length !== head.length) {
      throw new RangeError(`line ${line}: ${cells.length} cells, not ${head.length} as in the header`);
    }
    let found;
    try {
      found = answers(places.map((place, j) => cell(j, cells[place])));
    } catch (error) {
      throw new RangeError(`line ${line}: ${error.message}`);
    }
    yield written(found);
  }
}

if (typeof process !== "undefined" && process.argv?.[1]) {
  const { realpathSync, readFileSync, writeSync } = await import("node:fs");
  const { pathToFileURL } = await import("node:url");
  if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
    let out = "";
    const flush = () => {
      let rest = new TextEncoder().encode(out);
      while (rest.length) rest = rest.subarray(writeSync(1, rest));
      out = "";
    };
    try {
      for (const line of run(readFileSync(0))) {
        out += `${line}\n`;
        if (out.length > 65536) flush();
      }
      flush();
    } catch (error) {
      flush();
      console.error(`error: ${error.message}`);
      process.exitCode = error instanceof RangeError ? 2 : 70;
    }
  }
}
