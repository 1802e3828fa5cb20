"""An exercise of the lecture in its place: the question with one set of numbers, its solution behind a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from weaving.blocks import Block
    from weaving.page import Page

SEED = 7
WORDS = {
    "solution": {"en": "Solution", "ja": "解答"},
    "own": {
        "en": "With numbers of your own, and the likely cause of a wrong answer:",
        "ja": "自分だけの数値で解き、間違えたときに原因を知るには：",
    },
}


def make(block: Block, page: Page) -> str:
    """The question, the answer, and how to get numbers of one's own."""
    from tasou.lecture import exercise

    found, lang = exercise.find(block.argument), page.lang
    task = found.task(SEED)
    answer = ", ".join(
        f"{name} = {value:.4g}" for name, value in zip(task.names, task.answer, strict=True)
    ).replace("-", "−")
    return "\n\n".join(
        [
            f"**{found.number}** {found.title[lang]}",
            f":::{{container}} question\n```text\n{task.question[lang].strip()}\n```\n:::",
            f'```{{raw}} html\n<details class="solution"><summary>{WORDS["solution"][lang]}</summary>\n```',
            f"```text\n{answer}\n{task.solution[lang]}\n```",
            "```{raw} html\n</details>\n```",
            f"{WORDS['own'][lang]} `tasou lecture exercise {found.number} --seed 20261`",
        ]
    )
