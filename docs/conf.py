"""The documentation in one language: ``sphinx-build -c docs -t ja docs/ja …`` (scripts/docs builds both)."""

from __future__ import annotations

import gc
import os
import re
import sys
from pathlib import Path

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS))

import matplotlib  # noqa: E402
import sphinx.locale  # noqa: E402
from sphinx.util import logging  # noqa: E402

import tasou  # noqa: E402
from weaving import Page, docstrings, joined, usage  # noqa: E402
from weaving.summaries import FILE, summary  # noqa: E402

logger = logging.getLogger(__name__)

matplotlib.use("agg")
language = "ja" if tags.has("ja") else "en"  # type: ignore[name-defined]  # noqa: F821
other = "en" if language == "ja" else "ja"

project = "tasou"
author = "The tasou developers"
copyright = author
version = release = tasou.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "weaving.accessible",
    "weaving.mathml",
    "weaving.searching",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_woven"]
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # the blocks woven in bring headings of their own
default_role = "py:obj"

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_inherit_docstrings = False
napoleon_use_rtype = napoleon_use_param = False
napoleon_custom_sections = [("Attributes", "params_style")]
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = {"en": "tasou", "ja": "tasou（多層）"}[language]
html_static_path = [str(DOCS / "static")]
embedded = DOCS / language / "_woven" / "pages"
embedded.mkdir(parents=True, exist_ok=True)
html_extra_path = [str(embedded)]  # what stands in frames
html_favicon = str(DOCS / "static" / "favicon.svg")
html_css_files = ["tasou.css"]
html_js_files = [("tasou.js", {"defer": "defer"})]
html_math_renderer = "mathml"
html_scaled_image_link = False
html_copy_source = html_show_sourcelink = html_show_sphinx = False
html_domain_indices = html_use_index = False
html_theme_options = {"navigation_with_keys": True, "top_of_page_buttons": []}
templates_path = [str(DOCS / "templates")]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "language.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/scroll-end.html",
    ]
}
html_context = {"other_language": other, "other_name": {"en": "English", "ja": "日本語"}[other]}
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"


def weave(app, name, source):
    """Replace the computed blocks of a page before it is parsed."""
    gc.collect()
    gc.freeze()  # what pictures leave behind is freed without walking all pages read so far, again and again
    page = Page(name, language, Path(app.srcdir) / "_woven")
    source[0] = page.weave(source[0])


def included(app, path, name, content):
    """What stands in several files at once, as the changelog, is Japanese in part on every site."""
    content[0] = joined(content[0])


def plain_signature(app, what, name, obj, options, signature, returned):
    """A class as a default by its name, and an empty dictionary as what it is."""
    shown = re.sub(r"<class '([\w.]+)'>", r"\1", signature or "").replace("<factory>", "{}")
    return shown or signature, returned


COLON = "\ue000"


def japanese_docstring(app, what, name, obj, options, lines):
    """What is known of a docstring in Japanese; its first paragraph is the line of the table (`headed`)."""
    if language == "ja" and what != "module" and lines:
        lines[:] = docstrings.translated(lines, name, summary=summary(name) is not None)
        lines[:] = lines if any(line.strip() for line in lines) else ["\u200b"]


def plain_docstring(app, what, name, obj, options, lines):
    """In our docstrings W[l]_1 and |r| are mathematics, not marks; only classes are linked, `loss` is many things."""
    code = False
    for i, line in enumerate(lines):
        code = bool(line.strip()) and (code or line.lstrip().startswith(">>> "))
        if not code:
            line = re.sub(r"(?<![`:])`([a-z.]\w*)`(?!`)", r"``\1``", line)
            line = re.sub(r"(``.*?``)|(?<=[\w\])])_(?=\W|$)|\|", lambda mark: mark[1] or "\\" + mark[0], line)
        # Napoleon would take what stands before a colon for the type of a property or an attribute.
        lines[i] = line.replace(":", COLON) if what in ("property", "attribute") else line


def with_colons(app, what, name, obj, options, lines):
    """The colons again, after Napoleon."""
    lines[:] = [line.replace(COLON, ":") for line in lines]


def headed(app, what, name, obj, options, lines):
    """The page has said already what a module is; in Japanese, each object begins with its line of the table."""
    if what == "module":
        lines.clear()
    if what in ("class", "function") and (used := usage.line(name, language)):
        lines += ["", used, ""]
    if language == "en" or what == "module" or not any(lines):
        return
    lines[:] = [
        re.sub(r"^(:|\.\. rubric:: )(Attributes|サンプル)", section, line).replace(" -- ", "：")
        for line in lines
    ]
    line = summary(name)
    if line is None:
        logger.warning("%s has no line in docs/%s", name, FILE)
    else:
        lines[:0] = [".. container:: summary", "", "   " + re.sub(r"`([^`]*)`", r"``\1``", line), ""]


def section(found):
    """A heading within a docstring."""
    return found[1] + {"Attributes": "属性", "サンプル": "例"}[found[2]]


WORDS = {
    "Back to top": "ページの先頭へ",
    "Made with ": "テーマ：",
    "Skip to content": "本文へ",
    "Next": "次へ",
    "Previous": "前へ",
    "On this page": "このページの内容",
    "Search": "検索",
    "Home": "ホーム",
}


def japanese_words(app):
    """The few words of the theme that nobody has translated yet."""
    if language == "ja":
        one = lambda word: WORDS.get(word.strip("\n")) or sphinx.locale._(word)  # noqa: E731
        many = lambda word, words, n: one(word if n == 1 else words)  # noqa: E731
        app.builder.templates.environment.install_gettext_callables(one, many, newstyle=True)


def setup(app):
    """Called by Sphinx."""
    os.environ["TASOU_LANG"] = language
    app.connect("source-read", weave)
    app.connect("include-read", included)
    app.connect("builder-inited", japanese_words)
    app.connect("autodoc-process-signature", plain_signature)
    app.connect("autodoc-process-docstring", japanese_docstring, priority=300)
    app.connect("autodoc-process-docstring", plain_docstring, priority=400)
    app.connect("autodoc-process-docstring", with_colons, priority=600)
    app.connect("autodoc-process-docstring", headed, priority=700)
