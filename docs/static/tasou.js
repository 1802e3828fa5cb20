// The site's own script: code to copy, and boxes that scroll can be reached by the keyboard. Nothing is fetched.
(() => {
  "use strict";
  const words = {
    en: { copy: "Copy", done: "Copied", code: "Copy the code" },
    ja: { copy: "コピー", done: "コピーしました", code: "コードをコピー" },
  };
  const say = words[document.documentElement.lang] || words.en;

  /** What is typed: without prompts, and without what was answered. */
  const typed = (pre) => {
    const code = pre.cloneNode(true);
    const prompted = code.querySelector(".gp") !== null;
    code.querySelectorAll(".gp, .go, .gt, .gr").forEach((part) => part.remove());
    const lines = code.textContent.split("\n");
    return (prompted ? lines.filter((line) => line.trim()) : lines).join("\n").trimEnd() + "\n";
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };

  for (const pre of document.querySelectorAll("article .highlight > pre")) {
    if (pre.closest(".highlight-text, .question")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = say.copy;
    button.setAttribute("aria-label", say.code);
    button.addEventListener("click", async () => {
      await copy(typed(pre));
      button.textContent = say.done;
      button.classList.add("done");
      setTimeout(() => {
        button.textContent = say.copy;
        button.classList.remove("done");
      }, 1500);
    });
    pre.after(button);
  }

  /** A box that scrolls sideways is a stop of the Tab key, as long as it does. */
  const reachable = () => {
    for (const box of document.querySelectorAll("article pre, div.math, .table-wrapper, .notebook, .tasou-ledger")) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  addEventListener("resize", reachable);
  document.fonts.ready.then(reachable);
  reachable();
})();
