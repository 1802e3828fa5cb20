// Before an audience: large type, chosen panels, a clicker's keys, a black screen.
import { $, el } from "./dom.js";
import { t } from "./words.js";
import { on, emit } from "./store.js";

const PANELS = ["lesson", "settings", "net", "inside", "boundary", "curves", "health"];
let chosen = JSON.parse(localStorage.getItem("panels") ?? "null") ?? ["lesson", "net", "boundary", "curves"];

export function present() {
  const now = document.documentElement.classList.toggle("presenting");
  $("present").setAttribute("aria-pressed", String(now));
  show();
  emit("theme");
}

export function black() {
  $("black").hidden = !$("black").hidden;
}

function show() {
  const now = document.documentElement.classList.contains("presenting");
  for (const id of PANELS) $(id).classList.toggle("offstage", now && !chosen.includes(id));
  $("stage").hidden = !now;
  if (now)
    $("stage").replaceChildren(...PANELS.map((id) => {
      const box = el("input", { type: "checkbox", checked: chosen.includes(id), onchange: () => {
        chosen = box.checked ? [...chosen, id] : chosen.filter((each) => each !== id);
        localStorage.setItem("panels", JSON.stringify(chosen));
        show();
        emit("theme");
      } });
      return el("label", { class: "check" }, box, " ", el("span", { text: t(`panel.${id}`) }));
    }));
}
on("language", show);
