"""One file, one exercise: ``number``, ``title`` and ``make(rng) -> Task``; see `tasou.lecture.exercise`."""
