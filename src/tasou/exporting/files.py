"""Export a model: the one way in, for every format."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from tasou import writing
from tasou.errors import TasouError, UnknownName
from tasou.exporting import targets, words
from tasou.exporting.planning import plan_of
from tasou.messages import Message, Sentence
from tasou.registry import names_in

FORMAT = Message("kind.export_format", en="export format", ja="書き出しの形式")
NO_SUFFIX = Message(
    "export.no_suffix",
    en="the name {path} does not say which format is meant: let it end in {suffixes:list}, or name it "
    "(--format, in Python format=…)",
    ja="{path} という名前では形式がわかりません。末尾を {suffixes:list} のいずれかにするか、"
    "--format（Python では format）で指定してください",
)


def formats() -> list[str]:
    """The formats by name."""
    return names_in(targets.__name__)


def export(
    model: Any,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    single: bool = False,
    main: bool = True,
    training: bool = False,
    member: str | None = None,
) -> None:
    """Write a model as an ONNX graph, or as a program in C, JavaScript or Python, with all its preparation.

    Parameters
    ----------
    model
        a table model, a fitted estimator, a `Network`, or a `Training`
    path
        the file to write; its suffix says the format: ``.onnx``, ``.c``, ``.mjs`` or ``.py``
    format
        the format by name ("onnx", "c", "javascript", "python"), where the suffix says another or none
    single
        C in ``float`` instead of ``double``
    main
        whether C has a ``main`` that reads CSV; JavaScript and Python always can
    training
        whether JavaScript can also learn: forward, backward and update, with the engine's numbers. A `Training` brings
        its optimizer, learning rate and batch size; other models learn by plain gradient descent
    member
        "best" writes only the best member of an ensemble, for small targets; ``cost_of_member`` says what is lost

    Raises
    ------
    TasouError
        the model is not fitted, or holds what cannot be exported; or the file cannot be written
    UnknownName
        there is no such format

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from tasou.network import Network
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export(Network((2, 3, 2), rng=0), f"{folder}/small.py")
    ...     "def predict" in pathlib.Path(f"{folder}/small.py").read_text()
    True
    """
    text = exported(model, path, format=format, single=single, main=main, training=training, member=member)
    writing.write(path, [text.encode() if isinstance(text, str) else text])


def exported(
    model: Any,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,
    member: str | None = None,
    **options: Any,
) -> str | bytes:
    """What `export` writes."""
    target = import_module(f"{targets.__name__}.{format_of(path, format)}")
    if options.get("training"):
        options["training"] = model
    else:
        options.pop("training", None)
    found: str | bytes = target.write(plan_of(model, member), words.identifier(Path(path).stem), **options)
    return found


def cost_of_member(model: Any) -> Sentence | None:
    """What one member of a table's model loses beside all, on rows kept out; None if it is alone.

    Raises
    ------
    TasouError
        nobody knows how good the members are
    """
    from tasou.exporting.ensembles import chosen, told
    from tasou.models.made_up import ensemble_of

    ensemble = ensemble_of(model)
    single = None if ensemble is None else chosen(ensemble, "best")[1]
    return None if single is None else told(single)


def format_of(path: str | os.PathLike[str], format: str | None) -> str:
    """The name of the format."""
    known = formats()
    if format is not None:
        if format not in known:
            raise UnknownName(FORMAT, format, known)
        return format
    suffixes = {import_module(f"{targets.__name__}.{name}").SUFFIX: name for name in known}
    suffix = {".js": ".mjs"}.get(Path(path).suffix, Path(path).suffix)
    if suffix not in suffixes:
        raise TasouError(NO_SUFFIX, path=os.fspath(path), suffixes=sorted(suffixes))
    return suffixes[suffix]
