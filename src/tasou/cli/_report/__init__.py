"""The report of a training: one HTML page that says what was learnt, how well, and from what."""

from __future__ import annotations

from tasou.cli._report import quality, said, sections
from tasou.cli._report.page import page
from tasou.diagnostics import Diagnosis
from tasou.language import language, say
from tasou.models.table_model import TableModel
from tasou.tables import Roles, Table
from tasou.version import __version__

TITLE = {"en": "{target}, learnt from {source}", "ja": "{target} の予測モデル（学習データ：{source}）"}
FOOTER = {
    "en": "Made by tasou {version}. This page is one file: it loads nothing and can be mailed or kept as it is.",
    "ja": "tasou {version} が作成。このページは1つのファイルで完結し、そのまま送ったり保存したりできる。",
}


def report(
    model: TableModel,
    table: Table,
    roles: Roles,
    train: Table,
    test: Table | None,
    diagnosis: Diagnosis | None = None,
    command: str = "",
) -> str:
    """The page as HTML text, in the language of the environment.

    Parameters
    ----------
    table, roles
        the whole table, and what each column is for
    train, test
        the rows it was trained on, and those kept apart (scores and pictures are of the latter where there are any)
    diagnosis
        of the training, if it was watched
    command
        what was typed
    """
    title = say(TITLE, target=model.goal.column, source=table.source)
    scored = train if test is None else test
    tested = test is not None
    beside = [
        sections.scores(model, scored, tested=tested),
        sections.picture(model, scored),
        quality.residuals(model, scored),
        quality.roc(model, scored, tested=tested),
        said.calibration(model, scored, tested=tested),
        sections.learning(model),
        said.columns(model, scored, tested=tested),
    ]
    parts = [
        sections.header(title, model, table, roles),
        *([] if diagnosis is None else [sections.diagnosis(diagnosis)]),
        f'<div class="beside">{"".join(beside)}</div>',
        sections.network(model),
        sections.data(roles, table),
        *([quality.again(command)] if command else []),
        f'<p class="soft">{say(FOOTER, version=__version__)}</p>',
    ]
    return page(title, language(), parts)
