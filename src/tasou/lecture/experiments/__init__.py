"""One file, one experiment: a claim of the lecture, what it is measured on, and its picture.

A file offers ``number``, ``title``, ``claim``, ``data``, ``model``, ``seen``, ``check`` (texts in both languages),
``measure(seed) -> Outcome`` and ``draw(figure, shown, lang)``; see `tasou.lecture.experiment.Experiment`.
"""
