"""What makes the pages true: fenced blocks whose content is computed while the pages are built.

A page is Markdown. Before it is parsed, each block of one of the kinds below is replaced by Markdown that shows what
its code printed or drew, in the language of the page::

    {picture}      Python code and the picture that its last line draws, in a light and a dark version
    {html}         Python code and what a notebook shows for its last line
    {page}         Python code and the page of its own that it makes (HTML), in a frame
    {command}      `tasou …` lines and what they print, run one after another in a folder of the page's own
    {step}         a file of docs/steps and what it prints
    {formulas}     every registered formula of a family
    {layers}       every layer of the folder
    {experiment}   an experiment of the lecture: its claim, what was measured, its picture
    {exercise}     an exercise of the lecture with one set of numbers, its solution behind a click
    {compute}      Python code that is run and not shown; its names are there for ``@{expressions}`` in the prose below
    {solution}     Markdown behind a click
    {cell}         a cell of a notebook: Python code and what stands below it
    {notebook}     a link to the page as a notebook
    {thumbnails}   the pictures of the page, small, each leading to its heading
    {glossary}     the table of docs/glossary.toml
    {termindex}    its terms with the sections of the chapter that speak of them

Nothing in here knows Sphinx, so the tests need none.
"""

from __future__ import annotations

from weaving.blocks import Block, blocks
from weaving.page import Page, joined

__all__ = ["Block", "Page", "blocks", "joined"]
