"""Does every link and picture of the built pages lead somewhere? ``python docs/check_links.py docs/_build``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """What a page points to, and the places in it that can be pointed to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Called for every element."""
        for name, value in attrs:
            if name in ("href", "src", "srcset") and value:
                self.targets.append(value)
            elif name in ("id", "name") and value:
                self.places.add(value)


@cache
def page(file: Path) -> Page:
    """The page in a file, read once."""
    return Page(file.read_text("utf-8"))


def _lost(place: str, file: Path, found: Path) -> bool:
    """Whether a page lacks the place meant; the way back from source code knows the page alone (viewcode's)."""
    sources = "_modules" in file.parts
    return bool(place) and found.suffix == ".html" and not sources and place not in page(found).places


def broken(folder: Path) -> Iterator[str]:
    """Each link that leads nowhere, with its page; links to other sites are not followed."""
    for file in sorted(folder.rglob("*.html")):
        for target in dict.fromkeys(page(file).targets):
            url = urlsplit(target)
            if url.scheme or url.netloc:
                continue
            found = file.parent.joinpath(unquote(url.path)).resolve() if url.path else file
            if not found.is_file() or _lost(unquote(url.fragment), file, found):
                yield f"{file.relative_to(folder)}: {target}"


if __name__ == "__main__":
    lost = list(broken(Path(sys.argv[1])))
    print("".join(f"docs: a link that leads nowhere: {line}\n" for line in lost), end="", file=sys.stderr)
    sys.exit(bool(lost))
