"""Search within the pages: Japanese compounds (勾配消失), names of code (early_stopping), words with a hyphen.

Japanese has no spaces, and a segmenter cuts a compound otherwise in a page than alone; so all of it is cut into pairs
of letters, in the index and in what a reader types. A page is found if it has all the pairs.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx.search import SearchLanguage
from sphinx.search.en import SearchEnglish

if TYPE_CHECKING:
    from sphinx.application import Sphinx

JAPANESE = "\u3005\u3040-\u30ff\u3400-\u9fff"
RUNS = re.compile(rf"[{JAPANESE}]+|[^\W{JAPANESE}]+(?:-[^\W{JAPANESE}]+)*")
OTHERS = r"\s!-,.\/:-@\[-^`{-~、。「」（）・"
SPELLINGS = {
    "^(standard|normal|initial|minim|maxim|optim|general|regular|penal|visual|vector|parametr|quant|serial|summar|organ"
    "|recogn|discret|categor|memor)is(?=e|i|a)": "$1iz",
    "^(col|behavi|neighb|fav)our": "$1or",
    "^(label|model|travel|cancel)l(?=ed|ing|er)": "$1",
    "^centre": "center",
    "^grey": "gray",
}
"""what is spelt in two ways in English, and the one way it is kept in the index and asked for"""
RULES = ", ".join(f'[/{pattern}/, "{kept}"]' for pattern, kept in SPELLINGS.items())
QUERY = rf"""
var spellings = [{RULES}];
var spelt = function (word) {{
  return spellings.reduce(function (now, rule) {{ return now.replace(rule[0], rule[1]); }}, word);
}};
var splitQuery = function (query) {{
  var runs = query.toLowerCase().normalize("NFKC").match(/[{JAPANESE}]+|[^{OTHERS}{JAPANESE}]+/g) || [];
  return runs.flatMap(function (run) {{
    if (!/[{JAPANESE}]/.test(run)) return [spelt(run.replace(/-/g, ""))].filter(Boolean);
    if (run.length < 2) return [run];
    return Array.from({{ length: run.length - 1 }}, function (_, i) {{ return run.slice(i, i + 2); }});
  }});
}};
"""


def tokens(text: str) -> list[str]:
    """What a text is found by.

    >>> tokens("勾配消失とReLU"), tokens("over-fitting")
    (['勾配', '配消', '消失', '失と', 'relu'], ['over', 'fitting', 'overfitting'])
    >>> tokens("early_stopping"), tokens("colours, standardised")
    (['early_stopping', 'early', 'stopping'], ['colors', 'standardized'])
    """
    found: list[str] = []
    for run in RUNS.findall(text.lower()):
        if re.match(f"[{JAPANESE}]", run):
            found += [run[i : i + 2] for i in range(max(1, len(run) - 1))]
            continue
        parts = run.split("-")
        found += [spelt(part) for part in parts] + (["".join(parts)] if len(parts) > 1 else [])
        found += [word for part in parts if "_" in part.strip("_") for word in part.split("_") if word]
    return found


def spelt(word: str) -> str:
    """A word in the one spelling of the index.

    >>> spelt("neighbours"), spelt("noise"), spelt("initialisation")
    ('neighbors', 'noise', 'initialization')
    """
    for pattern, kept in SPELLINGS.items():
        word = re.sub(pattern, kept.replace("$1", r"\1"), word)
    return word


class SearchPairs(SearchLanguage):
    """Japanese by pairs of letters."""

    lang = "ja"
    language_name = "Japanese"
    js_splitter_code = QUERY

    def split(self, input: str) -> list[str]:
        """The tokens of a text."""
        return tokens(input)

    def word_filter(self, word: str) -> bool:
        """Every pair counts, or a compound would miss one."""
        return not word.isdigit()


class SearchVariants(SearchEnglish):
    """English, in which over-fitting and overfitting are one word, in the index and in what is typed."""

    js_splitter_code = QUERY

    def split(self, input: str) -> list[str]:
        """The tokens of a text."""
        return tokens(input)


def setup(app: Sphinx) -> None:
    """Take the place of Sphinx's own."""
    app.add_search_language(SearchPairs)
    app.add_search_language(SearchVariants)
