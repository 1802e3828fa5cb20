/* The ledger as a picture: one function, which brings an element to life and hands back how to steer it.
   See the head of page.py for what it may be asked to do. */
(() => {
  function tasouLedger(root) {
    if (root.tasou) return root.tasou;
    const data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
    const steps = [...root.querySelectorAll("section")], links = [...root.querySelectorAll("nav a")];
    const net = root.querySelector("svg.net"), pick = root.querySelector(".pick"), at = root.querySelector(".at-step");
    const units = new Map([...root.querySelectorAll(".unit")].map(g => [g.dataset.u, g]));
    const lines = [...root.querySelectorAll("svg.net line")], button = name => root.querySelector("." + name);
    let now = 0, unit = null, sample = data.at, all = false;

    function related(parents, column) { // which circles a unit (or all) of the step is computed from
      const found = new Set();
      for (const [from, how] of parents)
        for (const key of units.keys()) {
          const [c, j] = key.split(":");
          if (c === from && (how === "all" || unit === null || c === column && unit === +j || c !== column && unit === +j)) found.add(key);
        }
      return found;
    }
    function paint() {
      if (!net) return;
      const { column, parents } = data.steps[now], lit = related(parents, column), on = new Set();
      for (const key of units.keys()) {
        const [c, j] = key.split(":");
        if (c === column && (unit === null || unit === +j)) on.add(key);
        let text = "";
        for (let k = 0; k <= now; k++) {
          const values = data.samples[sample].values[k];
          if (data.steps[k].column === c && values && values[j] !== undefined) text = values[j];
        }
        units.get(key).querySelector("text").textContent = text.replace("-", "−");
      }
      units.forEach((g, key) => { g.classList.toggle("on", on.has(key)); g.classList.toggle("parent", lit.has(key) && !on.has(key)); });
      lines.forEach(line => { const { a, b } = line.dataset;
        line.classList.toggle("lit", on.has(a) && lit.has(b) || on.has(b) && lit.has(a)); });
      net.classList.toggle("live", true);
      follow(column);
    }
    function follow(column) { // on a phone the drawing is moved sideways to what lights up
      const box = net.parentElement, circle = units.get(`${column}:0`);
      if (!circle || box.scrollWidth <= box.clientWidth) return;
      const { left, width } = circle.getBoundingClientRect();
      box.scrollTo({ left: box.scrollLeft + left - box.getBoundingClientRect().left - (box.clientWidth - width) / 2 });
    }
    function rows() {
      steps.forEach((step, k) => step.querySelectorAll("tr[data-j]").forEach(row =>
        row.classList.toggle("at", k === now && unit !== null && +row.dataset.j === unit)));
    }
    function show(k) {
      now = Math.max(0, Math.min(steps.length - 1, k));
      unit = null;
      root.classList.toggle("stepping", !all);
      steps.forEach((step, i) => step.classList.toggle("now", i === now));
      links.forEach((link, i) => i === now && !all ? link.setAttribute("aria-current", "step") : link.removeAttribute("aria-current"));
      button("back").disabled = !all && now === 0;
      button("next").disabled = !all && now === steps.length - 1;
      at.textContent = all ? "" : `${now + 1} / ${steps.length}`;
      rows(); paint();
      root.dispatchEvent(new CustomEvent("tasou-step", { detail: { step: now, sample } }));
    }
    function choose(j) { unit = unit === j ? null : j; rows(); paint(); }
    function take(i) {
      sample = Math.max(0, Math.min(data.samples.length - 1, i));
      if (pick) pick.value = sample;
      steps.forEach((step, k) => { step.querySelector("tbody").innerHTML = data.samples[sample].bodies[k]; });
      root.querySelectorAll(".which").forEach(span => { span.textContent = data.samples[sample].note[span.lang]; });
      rows(); paint();
    }
    function speak(lang) {
      root.dataset.lang = lang || (root.dataset.lang === "ja" ? "en" : "ja");
      if (root.parentElement === document.body) document.documentElement.lang = root.dataset.lang;
    }
    function every() { all = !all; show(now); }

    root.addEventListener("click", event => {
      const row = event.target.closest("tr[data-j]"), circle = event.target.closest(".unit");
      if (row) choose(+row.dataset.j);
      if (circle) {
        const [c, j] = circle.dataset.u.split(":");
        if (c !== data.steps[now].column) { // the step in which that circle got the value it shows
          const k = data.steps.findLastIndex((step, k) => k <= now && step.column === c);
          if (k < 0) return;
          show(k);
        }
        choose(+j);
      }
    });
    links.forEach((link, i) => link.addEventListener("click", event => { event.preventDefault(); show(i); }));
    button("back").onclick = () => show(now - 1);
    button("next").onclick = () => show(now + 1);
    button("all").onclick = every;
    button("lang").onclick = () => speak();
    if (pick) pick.onchange = () => take(+pick.value);
    const keys = { ArrowRight: () => show(now + 1), ArrowLeft: () => show(now - 1), Home: () => show(0),
      End: () => show(steps.length - 1), a: every, l: () => speak() };
    root.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "SELECT" || !(event.key in keys)) return;
      event.preventDefault();
      keys[event.key]();
    });
    if (root.parentElement === document.body) root.focus({ preventScroll: true });
    root.tasou = { show, choose, sample: take, speak, get step() { return now; }, get steps() { return steps.length; } };
    show(/^#q\d+$/.test(location.hash) ? Number(location.hash.slice(2)) : 0);
    return root.tasou;
  }
  window.tasouLedger = tasouLedger;
  document.querySelectorAll(".tasou-picture").forEach(tasouLedger);
})();
