// The diagnosis in words; a remedy that is a setting can be tried with one click.
import { on, store, current } from "./store.js";
import { $, el } from "./dom.js";
import { t, say } from "./words.js";
import { send, tell } from "./wire.js";
import { settingName, settingValue } from "./controls.js";

let found = null;
let askedAt = -1e9;
let askedFor = "";
let said = "";

on("frame", (head) => {
  const place = `${head.run}:${head.update}`;
  if (place === askedFor || performance.now() - askedAt < (head.playing ? 3000 : 200)) {
    if (!head.playing && place !== askedFor) setTimeout(() => look(place), 250);
    return;
  }
  look(place);
});
on("language", () => ((said = ""), show()));

async function look(place) {
  if (place === askedFor) return;
  askedFor = place;
  askedAt = performance.now();
  try {
    found = await send("diagnose");
    show();
  } catch {
    // told already
  }
}

function show() {
  if (!found) return $("health-body").replaceChildren(el("p", { class: "about", w: "health.none" }));
  const lost = found.findings.some(({ code }) => code === "T001") ? [] : dead();
  const text = JSON.stringify([found.findings, found.heading, lost, document.documentElement.lang]);
  if (text === said) return; // nothing new: a screen reader need not hear it again
  said = text;
  $("health-body").replaceChildren(
    ...(found.findings.length ? [] : [el("p", { text: say(found.heading) })]),
    ...lost.map((place) => el("p", { class: "about", text: t("health.dead", place) })),
    ...found.findings.map((finding) =>
      el("div", { class: `finding ${finding.severity}` },
        el("h3", {}, el("span", { class: "badge", w: `severity.${finding.severity}` }), el("span", { text: say(finding.title) })),
        el("p", { text: say(finding.evidence) }),
        el("details", {}, el("summary", { w: "why.it" }), el("p", { text: say(finding.cause) })),
        remedies(finding))));
}

// Some dead units are no illness of the network yet, but they are seen beside it.
function dead() {
  const units = current()?.arrays.units, found = [];
  let at = 0;
  for (const [l, n] of store.state.network.sizes.entries()) {
    if (!l || !units) continue;
    let count = 0;
    for (let k = 0; k < n; k++) count += units[4 * (at + k) + 3] === 1;
    at += n;
    if (count) found.push({ l, n, count });
  }
  return found;
}

function remedies(finding) {
  const tried = finding.remedies.filter(({ change }) => change);
  const words = finding.remedies.filter(({ change }) => !change);
  const brief = (change) => Object.entries(change).map(([name, value]) => `${settingName(name)} = ${settingValue(value)}`).join(", ");
  return el("div", {},
    el("div", { class: "remedies" }, ...tried.map(({ text, change }) => el("button", { text: `${t("try.it", { what: say(text) })} (${brief(change)})`, onclick: () => tell("retry", { changes: change }) }))),
    words.length ? el("ul", { class: "remedies" }, ...words.map(({ text }) => el("li", { text: say(text) }))) : null);
}
