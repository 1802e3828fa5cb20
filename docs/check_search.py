"""What readers type into the search of built pages, tried in their own JavaScript: ``check_search.py docs/_build``.

Node runs it; where there is none, one line says so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

QUERIES = {
    "en": {
        "vanishing gradient": "lecture/4-activations",
        "vanishing gradients": "lecture/4-activations",
        "cross-entropy": "lecture/5-backpropagation",
        "cross entropy": "lecture/5-backpropagation",
        "overfitting": "guides/diagnose",
        "over-fitting": "guides/diagnose",
        "backpropagation": "lecture/5-backpropagation",
        "early_stopping": "reference/api-estimators",
        "early stopping": "lecture/glossary",
        "decision boundary": "guides/gallery",
        "dead relu": "lecture/4-activations",
        "mini-batch": "lecture/3-forward",
        "minibatch": "lecture/3-forward",
        "learning rate": "lecture/5-backpropagation",
        "TableClassifier": "reference/api-estimators",
        "tanh": "lecture/4-activations",
        "color": "guides/gallery",
        "colour": "guides/gallery",
        "standardize": "faq",
        "standardised": "faq",
        "prediction interval": "faq",
        "gpu": "faq",
    },
    "ja": {
        "勾配消失": "lecture/4-activations",
        "交差エントロピー": "lecture/5-backpropagation",
        "死んだReLU": "lecture/4-activations",
        "early_stopping": "reference/api-estimators",
        "早期終了": "lecture/glossary",
        "学習率": "lecture/5-backpropagation",
        "過学習": "guides/diagnose",
        "決定境界": "guides/gallery",
        "逆伝播": "lecture/5-backpropagation",
        "万能近似": "lecture/2-parts",
        "連鎖律": "lecture/5-backpropagation",
        "tanh": "lecture/4-activations",
        "overfitting": "lecture/glossary",
        "予測区間": "examples",
        "授業": "guides/teaching",
        "欠損": "faq",
        "TableClassifier": "reference/api-estimators",
    },
}
"""what is typed, and a page that must be among those found"""

SCRIPT = """
const fs = require("fs"), vm = require("vm");
const [folder, queries] = process.argv.slice(1);
const context = vm.createContext({
  document: { documentElement: { dataset: { content_root: "" } }, addEventListener() {},
    getElementById() {} },
  DOCUMENTATION_OPTIONS: { FILE_SUFFIX: ".html", LINK_SUFFIX: ".html" },
  _ready() {}, _: (text) => text, SPHINX_HIGHLIGHT_ENABLED: false,
});
context.window = context;
for (const file of ["_static/language_data.js", "_static/searchtools.js", "searchindex.js"])
  vm.runInContext(fs.readFileSync(`${folder}/${file}`, "utf8"), context, { filename: file });
const search = vm.runInContext(
  "(query) => Search._performSearch(...Search._parseQuery(query)).map((found) => found[0])", context);
process.stdout.write(JSON.stringify(Object.fromEntries(JSON.parse(queries).map((q) => [q, search(q)]))));
"""


def pages_found(folder: Path, queries: list[str]) -> dict[str, list[str]]:
    """The pages that the site in the folder finds for each query, the best last, as its JavaScript says."""
    command = ["node", "-e", SCRIPT, str(folder), json.dumps(queries)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def missed(folder: Path, wanted: dict[str, str]) -> list[str]:
    """What is not found, in words."""
    found = pages_found(folder, list(wanted))
    return [
        f"{query!r} finds {len(found[query])} pages, not {page}"
        for query, page in wanted.items()
        if page not in found[query]
    ]


def main(out: Path) -> int:
    """Try every query in both languages."""
    if shutil.which("node") is None:
        print("docs: the search was not tried, there is no node here")
        return 0
    lines = [f"{lang}: {line}" for lang, wanted in QUERIES.items() for line in missed(out / lang, wanted)]
    for line in lines:
        print(f"docs: search: {line}", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
