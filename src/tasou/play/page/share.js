// What goes out of the playground, and a run that comes back in.
import { store, current } from "./store.js";
import { $, el } from "./dom.js";
import { t, say, language } from "./words.js";
import { headers, took, tell } from "./wire.js";
import { notice } from "./main.js";

const FORMS = ["run", "model", "script", "numpy", "onnx", "javascript", "csv", "svg", "png", "record", "live"];

export function share() {
  const input = el("input", { type: "file", class: "hidden", tabindex: "-1", "aria-label": t("share.open"), onchange: () => back(input.files[0]) });
  const box = el("div", { class: "choices" }, ...FORMS.map((form) => el("button", { "data-form": form, text: t(`share.${form}`), onclick: () => ask(form) })));
  $("share-dialog").replaceChildren(
    el("h2", { id: "h-share", w: "share" }), el("p", { class: "about", text: t("share.about", { epoch: current()?.head.epoch ?? 0 }) }), box,
    el("div", { class: "layers" }, input, el("button", { w: "share.open", onclick: () => input.click() }), el("button", { w: "close", onclick: () => $("share-dialog").close() })));
  if (!$("share-dialog").open) $("share-dialog").showModal();
}

// A page holds rows of the user's: that is said before it is written.
function ask(form) {
  const own = ["table", "points"].includes(store.state.setup.data.name);
  if (!["record", "live"].includes(form) || !own) return get(form, {});
  $("share-dialog").replaceChildren(el("h2", { id: "h-share", w: "share" }), el("p", { w: "share.rows" }),
    el("div", { class: "layers" }, el("button", { w: "share.with", onclick: () => get(form, {}) }), el("button", { w: "share.without", onclick: () => get(form, { rows: "no" }) }), el("button", { w: "close", onclick: () => $("share-dialog").close() })));
}

async function get(form, options) {
  $("share-dialog").close();
  notice(t("share.busy"));
  const query = new URLSearchParams({ kind: form, lang: language, ...options });
  const answer = await fetch(`export?${query}`, { headers }).catch(() => null);
  notice("");
  if (!answer) return notice(t("lost"));
  if (!answer.ok) return notice(say((await answer.json()).error), true);
  const link = el("a", { href: URL.createObjectURL(await answer.blob()), download: decodeURIComponent(answer.headers.get("x-tasou-name") ?? "tasou") });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

async function back(file) {
  if (!file) return;
  $("share-dialog").close();
  const answer = await fetch("run", { method: "POST", headers, body: file }).then((found) => found.json(), () => null);
  if (!answer) return notice(t("lost"));
  if (answer.error) return notice(say(answer.error), true);
  took(answer.ok);
  tell("seek", { update: answer.ok.runs[0].update });
}
