const root = document.documentElement, steps = [...document.querySelectorAll("section")];
const links = [...document.querySelectorAll("nav a")], at = document.getElementById("at");
let now = 0;
function show(k, all = false) {
  now = Math.max(0, Math.min(steps.length - 1, k));
  root.classList.toggle("stepping", !all);
  steps.forEach((step, i) => step.classList.toggle("now", i === now));
  links.forEach((link, i) => i === now && !all ? link.setAttribute("aria-current", "step")
                                               : link.removeAttribute("aria-current"));
  document.getElementById("back").disabled = !all && now === 0;
  document.getElementById("next").disabled = !all && now === steps.length - 1;
  at.textContent = all ? "" : `${now + 1} / ${steps.length}`;
}
function speak() { root.dataset.lang = root.lang = root.lang === "ja" ? "en" : "ja"; }
links.forEach((link, i) => link.addEventListener("click", event => { event.preventDefault(); show(i); }));
document.getElementById("back").onclick = () => show(now - 1);
document.getElementById("next").onclick = () => show(now + 1);
document.getElementById("all").onclick = () => show(now, root.classList.contains("stepping"));
document.getElementById("lang").onclick = speak;
const keys = { ArrowRight: () => show(now + 1), ArrowLeft: () => show(now - 1), Home: () => show(0),
  End: () => show(steps.length - 1), a: () => show(now, root.classList.contains("stepping")), l: speak };
addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});
show(/^#q\d+$/.test(location.hash) ? Number(location.hash.slice(2)) : 0);
