// What goes out of the playground, and a run that comes back in.
import { store, current, on } from "./store.js";
import { $, el } from "./dom.js";
import { t, say, language } from "./words.js";
import { headers, took, tell, send } from "./wire.js";
import { notice } from "./main.js";

const FORMS = {
  run: ["run"],
  page: ["record", "live"],
  program: ["script", "numpy", "predict", "javascript"],
  model: ["model", "onnx"],
  picture: ["csv", "svg", "png"],
};

export function share() {
  const input = el("input", { type: "file", class: "hidden", tabindex: "-1", "aria-label": t("share.open"), onchange: () => back(input.files[0]) });
  const groups = Object.entries(FORMS).flatMap(([group, forms]) => [
    el("h3", { w: `share.of.${group}` }),
    el("div", { class: "choices" }, ...forms.map((form) => el("button", { "data-form": form, text: t(`share.${form}`), onclick: () => ask(form) }))),
  ]);
  $("share-dialog").replaceChildren(
    el("h2", { id: "h-share", w: "share" }), el("p", { class: "about", text: t("share.about", { epoch: current()?.head.epoch ?? 0 }) }), ...groups, ...linked(),
    el("div", { class: "layers" }, input, el("button", { w: "share.open", onclick: () => input.click() }), el("button", { w: "close", onclick: () => $("share-dialog").close() })));
  if (!$("share-dialog").open) $("share-dialog").showModal();
}

// --- a link: settings and seeds, no data -------------------------------------------------------------------------------
function linked() {
  const mine = el("input", { id: "share-link", type: "text", readonly: true, "aria-label": t("link"), onfocus: (event) => event.target.select() });
  const about = el("p", { class: "about", text: t("link.about") });
  const copy = el("button", { id: "copy-link", w: "link.copy", onclick: async () => {
    mine.select();
    const done = await navigator.clipboard?.writeText(mine.value).then(() => true, () => false);
    copy.textContent = t(done ? "link.copied" : "link.selected");
  } });
  const theirs = el("input", { id: "open-link", type: "text", placeholder: "http://127.0.0.1:…/#play=…", "aria-label": t("link.open") });
  const open = el("button", { w: "link.open", onclick: () => theirs.value && openLink(theirs.value) });
  theirs.addEventListener("keydown", (event) => event.key === "Enter" && open.click());
  send("link").then(({ fragment, notes }) => {
    mine.value = `${location.origin}${location.pathname}#${fragment}`;
    about.textContent = [t("link.about"), ...notes.map(say)].join(" ");
  }, () => null);
  return [el("h3", { w: "link" }), el("div", { class: "linkrow" }, mine, copy), about, el("div", { class: "linkrow" }, theirs, open)];
}

function openLink(link) {
  $("share-dialog").close();
  return tell("open_link", { link });
}

// Somebody came by a link: what was learnt here meanwhile is not thrown away without a question.
on("linked", () => {
  const link = store.link;
  store.link = null;
  const made = Math.max(store.state.runs[0].end, current()?.head.end ?? 0);
  if (store.state.runs.length === 1 && !made) return openLink(link);
  const dialog = $("link-dialog");
  dialog.replaceChildren(el("h2", { id: "h-link", w: "link" }), el("p", { w: "link.ask" }),
    el("div", { class: "layers" }, el("button", { id: "link-yes", class: "primary", w: "link.yes", onclick: () => (dialog.close(), openLink(link)) }), el("button", { w: "link.no", onclick: () => dialog.close() })));
  if (!dialog.open) dialog.showModal();
});

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
