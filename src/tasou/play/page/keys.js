// Keys for everything; single letters can be switched off, and none is taken from a field that is typed into.
import { store } from "./store.js";
import { $, el } from "./dom.js";
import { t } from "./words.js";

const bound = []; // {key, shift, alt, word, run}
let letters = localStorage.getItem("letters") !== "no";

export function key(combination, word, run) {
  const parts = combination.split("+");
  bound.push({ key: parts.at(-1), shift: parts.includes("Shift"), alt: parts.includes("Alt"), combination, word, run });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.defaultPrevented) return;
  const typing = event.target.closest?.("input:not([type=range]):not([type=checkbox]), textarea, select");
  if (typing || document.querySelector("dialog[open]")) return;
  if (event.key === " " && event.target.closest?.("button, summary, input, a")) return; // the button's own
  if (event.target.type === "range" && event.key.startsWith("Arrow")) return;
  const pressed = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const found = bound.find((each) => {
    if (each.key !== pressed || each.alt !== event.altKey) return false;
    return /^[A-Z]$/.test(each.key) ? each.shift === event.shiftKey : true;
  });
  if (!found || (!letters && found.key.length === 1)) return;
  event.preventDefault();
  found.run(event);
});

export function showKeys() {
  $("keys-list").replaceChildren(...bound.filter(({ word }) => word).flatMap(({ combination, word }) => [el("dt", {}, el("kbd", { text: combination })), el("dd", { text: t(word) })]));
  $("letters").checked = letters;
  $("keys").showModal();
}
$("letters").addEventListener("change", () => {
  letters = $("letters").checked;
  localStorage.setItem("letters", letters ? "yes" : "no");
});
