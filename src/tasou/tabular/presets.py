"""How much is done for a table: how many members, on which bins, for how long; by name, and by the number of rows."""

from __future__ import annotations

from dataclasses import dataclass

from tasou.errors import UnknownName
from tasou.messages import Message

PRESET = Message("kind.preset", en="preset", ja="プリセット")

FULL = 50_000
"""rows up to which nothing is cut short"""
FEWEST_EPOCHS = 4
SWINGS = 4
"""of the learning rate: the schedule ``coslog`` comes back to zero so often"""
BATCHES = ((400, 32), (1_024, 64), (6_000, 128), (FULL, 256), (4 * FULL, 512))
"""rows up to which a batch is of this size; beyond, 1,024"""
LARGEST_BATCH = 1_024


@dataclass(frozen=True)
class Preset:
    """The size of an ensemble.

    Parameters
    ----------
    members
        how many, of fewer than 2,500 rows and of more
    folds, each
        see `holdouts <tasou.ensembles.folds.holdouts>`; of fewer than 2,500 rows and of more, as well
    bins
        for each group of members, how many bins a column has at most, and all columns together
    epochs
        each member's, up to 50,000 rows: so long are the first four swings of the learning rate
    swings
        how many there may be, of fewer than 2,500 rows and of more, where the fourth has saved enough; each takes as
        long as all before it. Wide networks have four
    units
        in each hidden layer: for few numbers, for few classes, for many of either, and for many of 2,500 rows or more
    """

    members: tuple[int, int]
    folds: tuple[int, int] = (4, 4)
    each: tuple[int, int] = (1, 1)
    bins: tuple[tuple[int, int], ...] = ((16, 320), (64, 640))
    epochs: int = 32
    swings: tuple[int, int] = (SWINGS, SWINGS)
    units: tuple[int, int, int, int] = (96, 128, 128, 256)

    def hidden_of(self, outputs: int, n: int, *, numbers: bool = False) -> tuple[int, int]:
        """The hidden layers of a member: many classes want more units than two do, and rows to learn them from.

        >>> default = PRESETS["default"]
        >>> default.hidden_of(1, 9_000, numbers=True), default.hidden_of(2, 9_000), default.hidden_of(26, 900)
        ((96, 96), (128, 128), (128, 128))
        >>> default.hidden_of(26, 9_000)
        (256, 256)
        """
        few = 0 if numbers else 1
        units = self.units[few if outputs <= FEW_OUTPUTS else 2 if n < SMALL else 3]
        return units, units

    def members_of(self, n: int) -> int:
        """How many members for n rows: half as many of very many rows, but not fewer than four.

        >>> PRESETS["default"].members_of(1_000), PRESETS["default"].members_of(10_000)
        (16, 8)
        """
        members = self.members[n >= SMALL]
        return members if n <= 4 * FULL else max(min(members, 4), members // 2)

    def holdouts_of(self, n: int) -> tuple[int, int]:
        """Into how many folds n rows are dealt, and how many members keep out the same one.

        Of few rows all are kept out of somebody, for a quarter of them would tell too little.

        >>> PRESETS["fast"].holdouts_of(1_000), PRESETS["fast"].holdouts_of(10_000)
        ((4, 1), (8, 2))
        """
        return self.folds[n >= SMALL], self.each[n >= SMALL]

    def epochs_of(self, n: int) -> int:
        """Epochs for n rows: what they cost grows with the rows up to 50,000, from there with their root.

        >>> [PRESETS["default"].epochs_of(n) for n in (1_000, 50_000, 200_000, 1_000_000)]
        [32, 32, 16, 7]
        """
        return self.epochs if n <= FULL else max(FEWEST_EPOCHS, round(self.epochs * (FULL / n) ** 0.5))

    def swings_of(self, outputs: int, n: int) -> int:
        """How many swings there may be at most.

        >>> [PRESETS["default"].swings_of(outputs, n) for outputs, n in ((2, 900), (26, 9_000), (2, 1_000_000))]
        [5, 4, 4]
        """
        wide = self.hidden_of(outputs, n)[0] > self.units[2]
        return SWINGS if wide or n > FULL else self.swings[n >= SMALL]

    @staticmethod
    def batch_of(n: int) -> int:
        """Rows per update, for n rows to learn from.

        >>> [Preset.batch_of(n) for n in (300, 5_000, 40_000, 1_000_000)]
        [32, 128, 256, 1024]
        """
        return next((batch for most, batch in BATCHES if n <= most), LARGEST_BATCH)


SMALL = 2_500
FEW_OUTPUTS = 4
PRESETS = {
    "default": Preset((16, 8), swings=(5, 5)),
    "fast": Preset(
        (8, 4), folds=(4, 8), each=(1, 2), bins=((32, 320),), swings=(5, 4), units=(64, 64, 128, 192)
    ),
    "best": Preset((32, 16), swings=(6, 6)),
}


PLAIN = "plain"
"""one network as in the lecture (see `tasou.tabular.plain`)"""
NAMES = (*PRESETS, PLAIN)


def get(name: str) -> Preset:
    """The ensemble of that name.

    Raises
    ------
    UnknownName
        there is none
    """
    check(name)
    return PRESETS[name]


def check(name: str) -> None:
    """Pass if there is a preset of that name; `UnknownName` else."""
    if name not in NAMES:
        raise UnknownName(PRESET, name, NAMES)
