// The lecture's experiments: which is open, what can be changed in it, and the number that must appear.
import { store, on } from "./store.js";
import { $, el } from "./dom.js";
import { t, say } from "./words.js";
import { send, tell } from "./wire.js";
import { open } from "./inside.js";

let lessons = null;
let read = "";
let shown = null;
let before; // the experiment that was open
let playing = false;

on("state", ({ state }) => {
  if (state.lesson?.number !== before) shown = null; // the number was another experiment's
  if (state.lesson && state.lesson.number !== before) open(state.lesson.phase ?? "forward");
  before = state.lesson?.number;
  if (state.edges) $("edges").value = state.edges;
  read = "";
  build();
  if (state.lesson && !playing) look(); // the picture may have come before
});
on("language", build);
on("frame", (head) => {
  playing = head.playing;
  const place = `${head.run}:${head.update}`;
  if (!store.state.lesson || head.playing || place === read) return;
  read = place;
  look();
});

async function look() {
  try {
    shown = await send("reading");
    number();
  } catch {
    // told already
  }
}

function build() {
  if (!store.state) return;
  const { lesson } = store.state;
  const box = $("lesson");
  box.hidden = !lesson;
  box.dataset.number = lesson?.number ?? "";
  if (!lesson) return;
  const run = lesson.until ? el("button", { id: "lesson-run", class: "primary", text: t("lesson.run", { n: lesson.until }), onclick: () => tell("play", { speed: null, until: lesson.until }) }) : null;
  box.replaceChildren(
    el("div", { class: "head" }, el("h2", { id: "h-lesson", text: say(lesson.title) }),
      el("div", { class: "layers" }, el("button", { w: "lesson.before", onclick: () => move(-1) }), el("button", { w: "lesson.next", onclick: () => move(1) }), el("button", { w: "lesson.close", onclick: () => tell("lesson", { number: null }) }))),
    el("p", { text: say(lesson.claim) }),
    el("p", {}, el("strong", { w: "lesson.try" }), " ", el("span", { text: say(lesson.change) })),
    el("div", { class: "layers" }, run ?? "", el("p", { id: "lesson-number", role: "status" })));
  number();
}

function number() {
  const place = $("lesson-number");
  if (!place || !shown) return;
  const { own, holds, ready, number: value, wanted } = shown;
  place.className = `verdict ${!own ? "" : holds ? "good" : ready ? "bad" : ""}`;
  place.textContent = `${say(shown.what)}: ${value ?? t("lesson.none")} (${t(own ? "lesson.wanted" : "lesson.yours", { wanted })})${own && holds && ready ? " ✓" : ""}`;
}

async function all() {
  lessons ??= await send("lessons").catch(() => null);
  return lessons ?? [];
}

async function move(step) {
  const known = await all();
  const at = known.findIndex(({ number: n }) => n === store.state.lesson?.number);
  const to = known[Math.max(0, Math.min(known.length - 1, at + step))];
  if (to) tell("lesson", { number: to.number });
}
export const nextLesson = (step) => store.state?.lesson && move(step);

export async function chooseLesson() {
  $("lessons").replaceChildren(el("h2", { id: "h-lessons", w: "lessons" }), el("p", { class: "about", text: "…" }), el("button", { w: "close", onclick: () => $("lessons").close() }));
  $("lessons").showModal();
  const known = await all();
  const list = el("ul", { class: "lessons" }, ...known.map(({ number: n, title }) => el("li", {}, el("button", { text: say(title), "data-lesson": n, "aria-pressed": String(n === store.state.lesson?.number), onclick: () => (tell("lesson", { number: n }), $("lessons").close()) }))));
  $("lessons").replaceChildren(el("h2", { id: "h-lessons", w: "lessons" }), list, el("button", { w: "close", onclick: () => $("lessons").close() }));
  list.querySelector("[aria-pressed=true], button")?.focus();
}
