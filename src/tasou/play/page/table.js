// A table of one's own: handed in as a file, its columns shown with their roles, which can be changed before it is learnt.
import { store, on } from "./store.js";
import { $, el } from "./dom.js";
import { t, say, has } from "./words.js";
import { headers, send, tell } from "./wire.js";
import { notice } from "./main.js";

const ROLES = ["", "numeric", "categorical", "drop"];
let described = null;
let chosen = {}; // column → role set by hand
let target = null;
let task = null;

on("own-data", (box) => {
  const input = el("input", { type: "file", id: "table-file", class: "hidden", tabindex: "-1", "aria-label": t("table.open"), accept: ".csv,.tsv,.txt,.parquet,.feather,.xlsx,.xls,.ods,.xlsb,.jsonl,.npz,.sqlite,.gz", onchange: () => take(input.files[0]) });
  const open = el("button", { w: "table.open", onclick: () => input.click() });
  box.append(input, open);
  const { data } = store.state.setup;
  if (data.name === "table") box.append(el("button", { w: "table.columns", onclick: again }));
});

// A file may be dropped anywhere on the page.
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer?.files.length) take(event.dataTransfer.files[0]);
});

async function take(file) {
  if (!file) return;
  notice(t("table.reading", { name: file.name }));
  const answer = await fetch("table", { method: "POST", headers: { ...headers, "x-tasou-name": encodeURIComponent(file.name) }, body: file }).then((found) => found.json(), () => null);
  notice("");
  if (!answer) return notice(t("lost"));
  if (answer.error) return notice(say(answer.error), true);
  chosen = {};
  task = null;
  target = null;
  show(answer.ok);
}

async function again() {
  const { data } = store.state.setup;
  chosen = {};
  for (const role of ["drop", "categorical", "numeric"]) for (const name of data[role] ?? []) chosen[name] = role;
  target = data.target;
  task = data.task ?? null;
  show(await send("roles", { file: data.file, target, ...asked() }));
}

function asked() {
  const found = { drop: [], categorical: [], numeric: [] };
  for (const [name, role] of Object.entries(chosen)) if (role && name !== target) found[role].push(name);
  return { ...found, ...(task ? { task } : {}) };
}

async function renew() {
  try {
    show(await send("roles", { file: described.name, target, ...asked() }));
  } catch {
    show(described); // as it was: the reason has been told
  }
}

function show(found) {
  described = found;
  const dialog = $("table-dialog");
  const lines = found.columns.map(line);
  const pick = el("select", { id: "table-target", onchange: (event) => ((target = event.target.value || null), renew()) }, el("option", { value: "", w: "table.choose" }));
  for (const { name } of found.columns) pick.append(el("option", { value: name, text: name }));
  pick.value = target ?? "";
  const kind = el("select", { id: "table-task", onchange: (event) => ((task = event.target.value || null), renew()) });
  for (const name of ["", "classification", "regression"]) kind.append(el("option", { value: name, w: name ? `task.${name}` : "task.seen" }));
  kind.value = task ?? "";
  const learn = el("button", { id: "table-learn", class: "primary", w: "table.learn", onclick: begin });
  learn.disabled = !target;
  const scrolled = dialog.querySelector(".scroll")?.scrollTop ?? 0;
  dialog.replaceChildren(
    el("h2", { id: "h-table", text: `${found.name}: ${t("table.size", { rows: found.rows.toLocaleString(), columns: found.columns.length })}` }),
    el("div", { class: "checkform" }, el("label", {}, el("span", { w: "table.target" }), " ", pick), el("label", {}, el("span", { w: "table.task" }), " ", kind), found.task ? el("span", { class: "about", w: `task.${found.task}` }) : null),
    ...found.notes.map((note) => el("p", { class: "about", text: say(note) })),
    el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("table.columns") }, el("table", {}, el("thead", {}, el("tr", {}, ...["table.column", "table.role", "table.seen", "table.why"].map((w) => el("th", { scope: "col", w })))), el("tbody", {}, ...lines))),
    el("div", { class: "checkform" }, learn, el("button", { w: "close", onclick: () => dialog.close() })));
  dialog.querySelector(".scroll").scrollTop = scrolled;
  if (!dialog.open) dialog.showModal();
}

function line({ name, role, title, seen, why }) {
  const select = el("select", { "aria-label": t("table.role.of", { name }), onchange: (event) => ((chosen[name] = event.target.value), renew()) });
  for (const each of ROLES) select.append(el("option", { value: each, text: each ? t(`as.${each}`) : `${t("as.seen")}: ${say(title)}` }));
  select.value = chosen[name] ?? "";
  return el("tr", { class: role === "target" ? "now" : "" }, el("th", { scope: "row", text: name }), el("td", {}, name === target ? el("strong", { w: "table.target" }) : select), el("td", { text: say(seen) }), el("td", { text: say(why) }));
}

async function begin() {
  try {
    await send("learn", { file: described.name, target, ...asked() });
    $("table-dialog").close();
  } catch {
    $("table-dialog").close(); // the notice tells why; nothing is lost
  }
}
on("language", () => $("table-dialog").open && show(described));

// --- the plane through more than two features ----------------------------------------------------------------------
on("state", planes);
on("language", planes);
function planes() {
  if (!store.state) return;
  const { data, plane } = store.state;
  const box = $("plane-choice");
  const focused = document.activeElement?.id;
  box.replaceChildren();
  if (data.features.length > 2) {
    const kind = data.plane;
    const pick = (id, k) => {
      const select = el("select", { id, "aria-label": t(id === "plane-x" ? "plane.x" : "plane.y") });
      data.features.forEach((name, i) => select.append(el("option", { value: String(i), text: name })));
      select.value = String(k);
      select.addEventListener("change", () => set("features"));
      return select;
    };
    const how = el("select", { id: "plane-kind", "aria-label": t("plane.kind"), onchange: (event) => set(event.target.value) }, el("option", { value: "features", w: "plane.features" }), el("option", { value: "pca", w: "plane.pca" }));
    how.value = kind;
    box.append(how);
    if (kind === "features") box.append(pick("plane-x", plane.i ?? 0), pick("plane-y", plane.j ?? 1));
    box.append(el("p", { class: "about", w: kind === "pca" ? "plane.pca.about" : "plane.features.about" }));
    if (store.state.setup.data.name === "table" && !data.image) box.append(el("p", { class: "about", w: "plane.scaled" }));
  }
  if (data.shown < data.n + data.held) box.append(el("p", { class: "about", text: t("shown.of", { shown: data.shown.toLocaleString(), n: (data.n + data.held).toLocaleString() }) }));
  if (data.heldMeasured < data.held) box.append(el("p", { class: "about", text: t("held.of", { measured: data.heldMeasured.toLocaleString(), n: data.held.toLocaleString() }) }));
  if (focused?.startsWith("plane-")) $(focused)?.focus();
}

function set(kind) {
  const i = Number($("plane-x")?.value ?? 0), j = Number($("plane-y")?.value ?? 1);
  tell("look", { plane: kind === "pca" ? { kind } : { kind, i, j: i === j ? (i + 1) % store.state.data.features.length : j } });
}
