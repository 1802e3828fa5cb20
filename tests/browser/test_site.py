"""What a reader does on the pages that scripts/docs has built: search, switch, copy, print, read by keyboard."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.conftest import complaints

BUILT = Path(__file__).parents[2] / "docs" / "_build"
pytestmark = pytest.mark.skipif(
    not (BUILT / "ja" / "searchindex.js").is_file(), reason="no pages here; scripts/docs builds them"
)
LANGUAGES = ("en", "ja")
Open = Callable[..., Any]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files, without a word about each; browsers ask for an icon also where a page names none."""

    def do_GET(self) -> None:
        """A file, or nothing in place of the icon."""
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The pages as they are on the web."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(BUILT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(browser: Any, address: str) -> Iterator[Open]:
    """Open a page: no mistake in the console, no request to anywhere else."""
    said: list[str] = []
    foreign: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((address, "blob:", "data:")) else foreign.append(request.url)
        ),
    )

    def start(name: str = "en/index.html", *, theme: str = "light", **size: int) -> Any:
        page.set_viewport_size({"width": 1440, "height": 900, **size})
        if not page.url.startswith(address):
            page.goto(address + "index.html")
        page.evaluate(f"localStorage.setItem('theme', '{theme}')")
        page.goto(address + name)
        return page

    yield start
    page.evaluate("localStorage.clear()")
    page.close()
    assert foreign == []
    assert said == []


@pytest.mark.parametrize(
    ("lang", "query", "wanted"),
    [
        ("ja", "勾配消失", "lecture/4-activations"),
        ("ja", "交差エントロピー", "lecture/5-backpropagation"),
        ("ja", "死んだReLU", "lecture/4-activations"),
        ("ja", "early_stopping", "reference/api-estimators"),
        ("ja", "過学習", "lecture/5-backpropagation"),
        ("en", "cross entropy", "lecture/5-backpropagation"),
        ("en", "cross-entropy", "lecture/5-backpropagation"),
        ("en", "vanishing gradient", "lecture/4-activations"),
        ("en", "over-fitting", "lecture/5-backpropagation"),
        ("en", "early_stopping", "reference/api-estimators"),
        ("en", "color", "guides/gallery"),
        ("en", "standardize", "faq"),
    ],
)
def test_the_search_finds_what_is_typed_into_it(site: Open, lang: str, query: str, wanted: str) -> None:
    page = site(f"{lang}/index.html")
    page.fill(".sidebar-search", query)
    page.keyboard.press("Enter")
    page.wait_for_selector(f"#search-results a[href*='{wanted}']")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_search_is_reached_and_used_with_the_keyboard_alone(site: Open, lang: str) -> None:
    page = site(f"{lang}/faq.html")
    page.keyboard.press("/")
    page.keyboard.type("tanh")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results a[href*='lecture/4-activations']")
    found = page.locator("#search-results li").first
    found.locator(".context").wait_for()
    assert len(found.locator(".context").inner_text()) > 40
    assert page.locator("h1").inner_text() in ("Search", "検索")
    page.locator("main form input, .search-again input").first.focus()
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#search-results') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"/{lang}/(?!search).*html"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapter_can_be_taken_along_as_a_pdf(site: Open, lang: str, address: str) -> None:
    if not (BUILT / f"tasou-lecture-{lang}.pdf").is_file():
        pytest.skip("the chapter was not printed; scripts/docs --pdf prints it")
    page = site(f"{lang}/lecture/index.html")
    link = page.locator("p.printed a")
    assert re.search(r"\d\d", link.inner_text())
    assert link.evaluate("link => link.href") == f"{address}tasou-lecture-{lang}.pdf"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_code_of_ours_and_no_ledger_is_cut_off_at_1400_pixels(site: Open, lang: str) -> None:
    """What scrolls at that width is what people do not write: the floors of the design, sources with their types."""
    cut = []
    for name in ("index", "examples", "faq", "cheatsheet", "guides/look-inside", "guides/csv", "guides/ship"):
        page = site(f"{lang}/{name}.html", width=1400)
        boxes = page.locator("article pre, article .table-wrapper, article .tasou-ledger, article .notebook")
        wide = boxes.evaluate_all("all => all.filter(box => box.scrollWidth > box.clientWidth + 1).length")
        cut += [name] * wide
    assert cut == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_code_is_cut_off_on_a_laptop(site: Open, lang: str) -> None:
    cut = []
    for name in (
        "cheatsheet",
        "examples",
        "guides/gallery",
        "guides/sequences-and-images",
        "reference/optimizers",
    ):
        page = site(f"{lang}/{name}.html", width=1280)
        boxes = page.locator("article pre, article div.math, article .table-wrapper")
        cut += [name] * boxes.evaluate_all(
            "all => all.filter(box => box.scrollWidth > box.clientWidth + 1).length"
        )
    assert cut == []


def test_most_formulas_of_the_chapter_fit_on_a_phone(site: Open) -> None:
    wide = total = 0
    for name in ("1-why", "2-parts", "3-forward", "4-activations", "5-backpropagation"):
        boxes = site(f"en/lecture/{name}.html", width=390, height=844).locator("div.math")
        total += boxes.count()
        wide += boxes.evaluate_all("all => all.filter(box => box.scrollWidth > box.clientWidth + 1).length")
    assert total > 60
    assert wide <= 6


def test_columns_that_a_program_prints_stand_below_each_other_in_japanese(site: Open) -> None:
    page = site("ja/guides/csv.html")
    widths = page.evaluate("""() => ["決決決", "xxxxxx"].map((text) => {
        const span = document.createElement("span");
        span.textContent = text;
        document.querySelector("article pre").append(span);
        const width = span.getBoundingClientRect().width;
        span.remove();
        return width;
    })""")
    assert abs(widths[0] - widths[1]) < 0.5


ENGLISH = """() => {
    const found = [], skipped = "code, pre, script, style, template, math, svg, em, a, .spoken, .notebook, [lang=en]";
    const walk = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode.textContent, inside = walk.currentNode.parentElement;
        const words = text.match(/[A-Za-z][a-z'-]+(?: +[A-Za-z][A-Za-z'-]*){3,}/);
        const hidden = !inside.getClientRects().length;
        const quoted = hidden || inside.closest(skipped) || /\\(\\d{4}\\)|Noto Sans|VS Code/.test(inside.textContent);
        if (words && !quoted) found.push(words[0]);
    }
    for (const name of ["title", "aria-label", "placeholder"])
        for (const one of document.querySelectorAll(`article [${name}]`)) {
            const says = one.getAttribute(name);
            if (/[A-Za-z]{3,} [A-Za-z]{2,}/.test(says) && !/[\u3040-\u9fff]/.test(says)) found.push(says);
        }
    return found;
}"""


def test_the_japanese_pages_speak_japanese(site: Open) -> None:
    """But for code, names of types, titles of papers and the changelog, which says that it is English."""
    said = {}
    for file in sorted((BUILT / "ja").rglob("*.html")):
        if not {"_modules", "embedded"} & set(file.parts) and file.name != "changes.html":
            name = str(file.relative_to(BUILT))
            found = site(name).evaluate(ENGLISH)
            said |= {name: found} if found else {}
    assert said == {}


def test_code_and_words_of_the_reference_carry_no_marks_of_its_source() -> None:
    for file in sorted((BUILT / "en" / "reference").glob("*.html")):
        plain = re.sub(r"<[^>]*>", "", file.read_text("utf-8"))
        assert not re.search(r"\w\\_|Alias for field number", plain), file.name


def test_japanese_is_punctuated_in_its_own_marks() -> None:
    """No colon and comma of English behind a Japanese word, but in code."""
    letter, found = "[ぁ-んァ-ヶー一-龠）」]", set()
    for file in sorted((BUILT / "ja").rglob("*.html")):
        if "_modules" not in file.parts and file.name != "changes.html":
            text = file.read_text("utf-8")
            text = re.sub(r"<(script|style|svg|code|template)\b.*?</\1>", "", text, flags=re.S)
            text = re.sub(r"<pre>.*?\S</pre>", "", text, flags=re.S) if file.name != "commands.html" else text
            plain = re.sub(r"<[^>]*>", "", text)
            found |= {
                (file.name, match[0])
                for match in re.finditer(rf".{{0,9}}(?<!\{{){letter}[:,](?=\s|$)", plain, re.M)
            }
    assert found == set()


PHONE = {"width": 390, "height": 844}


def test_letters_of_pictures_can_be_read_on_a_phone(site: Open) -> None:
    """No picture that is seen has been made less than three quarters as wide as it was drawn."""
    for name in ("lecture/1-why", "lecture/5-backpropagation", "guides/gallery", "notebooks/look-inside"):
        page = site(f"ja/{name}.html", **PHONE)
        small = page.locator("article img:not(.thumbnail img)").evaluate_all(
            "all => all.filter(one => one.offsetWidth && +one.getAttribute('width') > one.offsetWidth * 1.4)"
            ".map(one => one.src)"
        )
        assert small == [], name


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_of_one_colour_has_no_picture_of_the_other(site: Open, theme: str) -> None:
    other = {"light": "dark", "dark": "light"}[theme]
    for name in ("index", "guides/playground", "notebooks/first-steps"):
        page = site(f"en/{name}.html", theme=theme)
        assert page.locator(f"img.only-{theme}:visible").count() > 0
        assert page.locator(f"img.only-{other}:visible").count() == 0


def test_no_table_hides_a_column_on_a_phone(site: Open) -> None:
    for name in ("design", "reference/api-plots", "reference/api-estimators", "lecture/glossary"):
        boxes = site(f"ja/{name}.html", **PHONE).locator("article .table-wrapper")
        wide = boxes.evaluate_all("all => all.filter(box => box.scrollWidth > box.clientWidth + 1).length")
        assert wide == 0, name


def test_nothing_is_found_for_what_is_nowhere(site: Open) -> None:
    page = site("ja/index.html")
    page.fill(".sidebar-search", "量子化学計算")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#search-results .search-summary')")
    page.wait_for_timeout(800)
    assert page.locator("#search-results li").count() == 0


@pytest.mark.parametrize("name", ["lecture/4-activations", "guides/gallery", "reference/api-network"])
def test_the_other_language_shows_the_same_page_and_back(site: Open, name: str) -> None:
    page = site(f"ja/{name}.html")
    page.click(".sidebar-drawer a.language")
    page.wait_for_url(f"**/en/{name}.html")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("a.language.narrow")
    page.wait_for_url(f"**/ja/{name}.html")


def test_dark_stays_dark_on_the_next_page_and_in_the_other_language(site: Open) -> None:
    page = site("en/lecture/1-why.html")
    for _ in range(3):  # light, dark, as the machine has it
        if page.get_attribute("body", "data-theme") != "dark":
            page.click(".theme-toggle-content button.theme-toggle")
    assert page.get_attribute("body", "data-theme") == "dark"
    page.click(".next-page")
    page.wait_for_url("**/2-parts.html")
    assert page.get_attribute("body", "data-theme") == "dark"
    page.click(".sidebar-drawer a.language")
    page.wait_for_url("**/ja/**")
    page.reload()
    assert page.get_attribute("body", "data-theme") == "dark"
    assert page.locator("img.only-dark >> nth=0").is_visible()
    assert not page.locator("img.only-light >> nth=0").is_visible()


def test_code_is_copied_as_it_is_typed(site: Open, browser: Any) -> None:
    """Without prompts and answers, and with the lines of a block of its own."""
    browser.grant_permissions(["clipboard-read", "clipboard-write"])
    page = site("en/index.html")
    block = page.locator(".highlight:has(.gp)").first
    block.hover()
    block.locator("button.copy").click()
    page.wait_for_selector("button.copy.done")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("from tasou import") and ">>>" not in copied and "True" not in copied
    assert "\n\n" not in copied.replace("\r", "")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_worked_example_can_be_clicked_through_in_the_chapter(site: Open, lang: str) -> None:
    page = site(f"{lang}/lecture/5-backpropagation.html")
    page.locator("iframe.embedded").first.scroll_into_view_if_needed()
    frame = page.frame_locator("iframe.embedded >> nth=0")
    frame.locator("button.next").click()
    before = frame.locator(".at-step").inner_text()
    frame.locator("button.next").click()
    assert frame.locator(".at-step").inner_text() != before
    assert frame.locator("section.now").count() == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_formula_of_a_sentence_runs_off_the_page_of_a_phone(site: Open, lang: str) -> None:
    beyond = []
    for name in (
        "1-why",
        "2-parts",
        "3-forward",
        "4-activations",
        "5-backpropagation",
        "6-numpy",
        "7-summary",
    ):
        formulas = site(f"{lang}/lecture/{name}.html", width=390, height=844).locator("p math")
        found = formulas.evaluate_all(
            "all => all.filter(one => !one.closest('.table-wrapper') && one.getBoundingClientRect().right > 391)"
            ".map(one => one.textContent)"
        )
        beyond += [(name, formula) for formula in found]
    assert beyond == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_scrolls_sideways_on_a_phone(site: Open, lang: str) -> None:
    pages = sorted(str(file.relative_to(BUILT)) for file in (BUILT / lang).rglob("*.html"))
    wide = []
    for name in pages:
        if "_modules" not in name:
            page = site(name, width=390, height=844)
            if page.evaluate("document.documentElement.scrollWidth") > 390:
                wide.append(name)
    assert wide == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_cheat_sheet_is_one_printed_page(site: Open, lang: str) -> None:
    made = site(f"{lang}/cheatsheet.html").pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


def test_no_empty_sheet_follows_a_page_on_paper(site: Open) -> None:
    page = site("en/lecture/index-of-terms.html")
    sheets = page.pdf(format="A4").count(b"/Type /Page\n")
    page.add_style_tag(
        content="@media print { body * { min-height: 0 !important } footer { display: none } }"
    )
    assert page.pdf(format="A4").count(b"/Type /Page\n") == sheets


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_for_the_screen_alone_is_not_printed_over_the_text(site: Open, lang: str) -> None:
    page = site(f"{lang}/faq.html")
    page.emulate_media(media="print")
    shown = page.locator(".skip-to-content, .related-pages, .bottom-of-page, button.copy, a.language")
    assert (
        shown.evaluate_all("all => all.filter(one => one.getClientRects().length).map(one => one.className)")
        == []
    )
    page.emulate_media(media="screen")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_cut_off_on_paper(site: Open, lang: str) -> None:
    wide = []
    for name in (
        "guides/csv",
        "guides/look-inside",
        "design",
        "examples",
        "reference/commands",
        "lecture/7-summary",
    ):
        page = site(f"{lang}/{name}.html", width=690)
        page.emulate_media(media="print")
        boxes = page.locator("article :is(pre, table, img, math, svg)")
        beyond = boxes.evaluate_all(
            "all => all.filter(one => one.getBoundingClientRect().right > 696).length"
        )
        wide += [name] * (beyond > 0)
        page.emulate_media(media="screen")
    assert wide == []


SHOWN = ["index", "cheatsheet", "faq", "lecture/3-forward", "lecture/5-backpropagation", "lecture/glossary"]
SHOWN += [
    "guides/gallery",
    "guides/look-inside",
    "notebooks/look-inside",
    "reference/api-network",
    "reference/commands",
    "reference/index",
    "examples",
    "guides/teaching",
    "steps/05-gradient",
    "search",
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", SHOWN)
def test_axe_finds_nothing_on_the_pages(site: Open, name: str, theme: str) -> None:
    for lang in LANGUAGES:
        page = site(f"{lang}/{name}.html", theme=theme)
        page.wait_for_timeout(100)
        assert complaints(page) == []
