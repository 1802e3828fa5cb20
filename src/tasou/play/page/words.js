// Two languages, switched live: every text of the page hangs on a key, and what the server says comes in both.
import { emit } from "./store.js";

const words = {};
export let language = "en";

export async function loadWords() {
  for (const lang of ["en", "ja"]) words[lang] = await (await fetch(`words-${lang}.json`)).json();
}

export function t(key, values = {}) {
  const text = words[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

export function has(key) {
  return key in words[language];
}

// A text that came in both languages.
export function say(texts) {
  return texts ? (texts[language] ?? texts.en ?? "") : "";
}

export function setLanguage(lang) {
  language = lang;
  document.documentElement.lang = lang;
  localStorage.setItem("language", lang);
  translate(document);
  emit("language", lang);
}

export function translate(root) {
  for (const element of root.querySelectorAll("[data-w]")) element.textContent = t(element.dataset.w);
  for (const element of root.querySelectorAll("[data-w-label]")) element.setAttribute("aria-label", t(element.dataset.wLabel));
  for (const element of root.querySelectorAll("[data-key]")) element.title = `${t("key")} ${element.dataset.key}`;
}

// Numbers as they are read: four digits that count, no long tails.
export function num(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-4) return value.toExponential(2).replace("-", "−");
  return Number(value.toPrecision(digits)).toString().replace("-", "−");
}

export function percent(share) {
  return share === null || share === undefined ? "–" : `${(100 * share).toFixed(1)}%`;
}
