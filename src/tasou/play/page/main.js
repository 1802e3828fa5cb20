// The page as a whole: header, timeline, runs, notices; the panels look after themselves.
import { store, on, emit, current } from "./store.js";
import { $, el } from "./dom.js";
import { connect, send, tell } from "./wire.js";
import { loadWords, setLanguage, language, t, say, num, percent } from "./words.js";
import { key, showKeys } from "./keys.js";
import "./settings.js";
import { settingName, settingValue } from "./controls.js";
import { drawClass, removeChosen } from "./data.js";
import "./boundary.js";
import "./curves.js"; // before the network: who measures after it has drawn has the page laid out twice
import "./network.js";
import "./weights.js";
import "./within.js";
import { moveRow } from "./inside.js";
import "./health.js";
import { chooseLesson, nextLesson } from "./lesson.js";
import { present, black } from "./present.js";
import { share } from "./share.js";
import "./table.js";
import "./digits.js";

// --- look and language -----------------------------------------------------------------------------------------------
const dark = matchMedia("(prefers-color-scheme: dark)");
function theme(next) {
  const wanted = next ?? localStorage.getItem("theme") ?? "auto";
  if (next) localStorage.setItem("theme", next);
  document.documentElement.dataset.theme = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
  emit("theme");
}
dark.addEventListener("change", () => theme());
const turn = () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
$("theme").addEventListener("click", turn);
const other = () => setLanguage(language === "en" ? "ja" : "en");
$("language").addEventListener("click", other);
on("language", (lang) => {
  $("language").textContent = lang === "en" ? "日本語" : "English";
  $("language").lang = lang === "en" ? "ja" : "en";
  if (store.state) showState({ state: store.state });
});

// --- playing -------------------------------------------------------------------------------------------------------
let playing = false;
const speed = () => ($("speed").value === "max" ? null : Number($("speed").value));
const play = () => tell(playing ? "pause" : "play", playing ? {} : { speed: speed(), ...(store.until > (current()?.head.epoch ?? 0) ? { until: store.until } : {}) });
const step = (unit) => tell("step", { unit: unit ?? $("unit").value });
const rewind = () => tell("seek", { update: 0 });
$("play").addEventListener("click", play);
$("step").addEventListener("click", () => step());
$("rewind").addEventListener("click", rewind);
$("speed").addEventListener("change", () => playing && tell("play", { speed: speed() }));

function showPlaying(now) {
  playing = now;
  $("play").querySelector(".glyph").classList.toggle("bars-glyph", now);
  $("play-word").dataset.w = now ? "pause" : "play";
  $("play-word").textContent = t(now ? "pause" : "play");
}
on("where", (where) => showPlaying(where.playing));

// --- where it stands -----------------------------------------------------------------------------------------------
on("frame", () => {
  const frame = current();
  if (!frame) return;
  const { head } = frame;
  if (head.playing !== playing) showPlaying(head.playing);
  const sample = head.sample ? ` +${head.sample}` : "";
  $("r-epoch").textContent = String(head.epoch);
  $("r-update").textContent = `${head.update}${sample}`;
  $("r-loss").textContent = num(head.loss);
  $("r-held").textContent = num(head.held_loss ?? null);
  document.querySelector("#readout .held").hidden = head.held_loss === undefined;
  const classes = store.state.data.task === "classification";
  $("r-score").textContent = classes ? percent(head.score) : num(head.score, 3);
  $("r-score-word").textContent = t(classes ? "accuracy" : "r2");
  Object.assign(document.documentElement.dataset, { epoch: head.epoch, update: head.update, run: head.run });
  showTime(head);
  showRate(head);
  // a run that has left the finite numbers says so in its state
  if (head.over && !store.state.diverged) tell("state");
});

// How fast it learns, over about the last second.
let past = [];
function showRate(head) {
  const now = performance.now(), before = past.at(-1);
  if (!head.playing || (before && (before.run !== head.run || head.epoch < before.epoch))) past = [];
  if (head.playing) past.push({ at: now, epoch: head.epoch, run: head.run });
  while (past.length > 2 && now - past[0].at > 1200) past.shift();
  if (past.length > 1 && now - past[0].at > 300) $("r-rate").textContent = num((1000 * (head.epoch - past[0].epoch)) / (now - past[0].at), 2);
}

function showTime(head) {
  const { per_epoch: per } = store.state.data;
  const ends = head.end;
  if (wanted === null) {
    $("scrub").max = String(ends);
    $("scrub").value = String(head.update);
  }
  $("scrub").setAttribute("aria-valuetext", `${t("epoch")} ${head.epoch}, ${t("update")} ${head.update}`);
  $("scrub-now").textContent = String(head.epoch);
  $("scrub-end").textContent = String(Math.floor(ends / per));
  marks(ends);
}

let wanted = null;
$("scrub").addEventListener("input", () => {
  const first = wanted === null;
  wanted = Number($("scrub").value);
  if (first) follow();
});

// Only the newest place is asked for while an answer is on its way.
async function follow() {
  while (wanted !== null) {
    const update = wanted;
    await tell("seek", { update: toEpoch(update) });
    if (wanted === update) wanted = null;
  }
}

// A long timeline goes by whole epochs; a short one by updates.
function toEpoch(update) {
  const { per_epoch: per } = store.state.data;
  return Number($("scrub").max) > 400 && update < Number($("scrub").max) ? Math.round(update / per) * per : update;
}

let marked = "";
function marks(ends) {
  const run = store.state.runs.find((each) => each.name === store.state.current);
  const found = store.state.rates.slice(1).map(([at]) => [at, ""]);
  if (run?.parent) found.push([run.parent[1], "branch"]);
  if (store.state.diverged) found.push([ends, "bad"]);
  const text = JSON.stringify([found, ends]);
  if (text === marked) return;
  marked = text;
  $("marks").replaceChildren(...found.map(([at, kind]) => {
    const mark = el("i", { class: kind });
    mark.style.left = `calc(8px + ${(ends ? at / ends : 0) * 100}% - ${(ends ? at / ends : 0) * 16}px)`;
    return mark;
  }));
}

// --- runs ------------------------------------------------------------------------------------------------------------
on("state", showState);
function showState({ state }) {
  const { runs, current: name, other: beside } = state;
  const buttons = runs.length < 2 ? [] : runs.map((run) =>
    el("button", { "aria-pressed": String(run.name === name), "aria-label": t("run.name", { name: run.name }), text: run.name + (run.name === beside ? " ⇄" : ""), onclick: () => tell("select", { name: run.name }) }));
  if (runs.length > 1) buttons.push(el("button", { id: "compare", w: beside ? "compare.end" : "compare", "data-key": "C", onclick: compare }));
  $("runs").replaceChildren(...buttons);
  if (current()) showTime(current().head);
  if (state.diverged) notice(say(state.diverged), true);
  differences(state);
}

function compare() {
  const { runs, current: name, other: beside } = store.state;
  if (runs.length < 2 && !beside) return tell("branch", { changes: {}, compare: true });
  const parent = runs.find((run) => run.name === name)?.parent?.[0];
  const to = beside ? null : runs.some((run) => run.name === parent) ? parent : runs.find((run) => run.name !== name).name;
  return tell("compare", { name: to });
}

// What two runs beside each other differ in, and nothing else.
function differences(state) {
  document.getElementById("differences")?.remove();
  if (!state.other) return;
  const chips = state.differences.map(([name, a, b]) => el("span", { class: "chip", text: `${settingName(name)}: ${settingValue(a)} → ${settingValue(b)}` }));
  const none = el("span", { class: "chip", w: "same.settings" });
  $("boundary").querySelector(".head").after(el("div", { id: "differences" }, el("span", { text: `${state.current} → ${state.other}` }), ...(chips.length ? chips : [none])));
}

// --- notices -------------------------------------------------------------------------------------------------------
export function notice(text, bad = false) {
  $("notice-text").textContent = text;
  $("notice").classList.toggle("calm", !bad);
  $("notice").hidden = !text;
}
$("notice-close").addEventListener("click", () => notice(""));
on("error", (error) => notice(say(error), true));
on("lost", () => notice(t("lost"), false));
on("elsewhere", () => notice(t("elsewhere"), false));
on("stranger", () => notice(t("stranger"), true));
on("hello", (hello) => {
  if ($("notice-text").textContent === t("lost")) notice("");
  store.hello = hello;
  if (!localStorage.getItem("language") && hello.lang) setLanguage(hello.lang);
  document.documentElement.dataset.ready = "yes";
});

// --- keys ------------------------------------------------------------------------------------------------------------
key("Space", "keys.play", play);
key("S", "keys.step", () => step());
key("Shift+S", "keys.sample", () => step("sample"));
key("Alt+S", "keys.epoch", () => step("epoch"));
key("R", "keys.rewind", rewind);
key("Shift+R", "keys.new", () => tell("reset", { seed: "new" }));
key("[", "keys.back", () => tell("seek", { epoch: Math.max(0, (current()?.head.epoch ?? 0) - 10) }));
key("]", "keys.on", () => tell("seek", { epoch: (current()?.head.epoch ?? 0) + 10 }));
key("N", "keys.branch", () => tell("branch", { changes: {} }));
key("C", "keys.compare", compare);
key(".", "keys.next", () => moveRow(1));
key(",", "keys.before", () => moveRow(-1));
key("P", "keys.present", present);
key("B", "keys.black", black);
key("PageDown", "keys.page", () => nextLesson(1));
key("PageUp", "", () => nextLesson(-1));
key("L", "keys.language", other);
key("D", "keys.dark", turn);
key("?", "keys.list", showKeys);
for (let k = 0; k <= 9; k++) key(String(k), k === 1 ? "keys.class" : "", () => drawClass(k));
key("Delete", "keys.delete", removeChosen);
$("lecture").addEventListener("click", chooseLesson);
$("present").addEventListener("click", present);
$("share").addEventListener("click", share);
$("black").addEventListener("click", black);
$("help").addEventListener("click", showKeys);

theme();
$("waiting").remove();
await loadWords();
setLanguage(localStorage.getItem("language") ?? (navigator.language.startsWith("ja") ? "ja" : "en"));
if (!localStorage.getItem("language-chosen")) localStorage.removeItem("language");
$("language").addEventListener("click", () => localStorage.setItem("language-chosen", "yes"));
connect();
