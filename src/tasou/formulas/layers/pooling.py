"""Pooling: the largest number of a window, or the mean; and what of the error goes back to which number."""


def larger(a, b, xp):
    """max(a, b): over the numbers of a window, one after the other."""
    return xp.maximum(a, b)


def won(g, a, largest, xp):
    """The error of the number that was the largest: all of it."""
    return xp.where(a >= largest, g, 0)


def lost(g, a, largest, xp):
    """What is left of the error for the next number: so of several that are equal the first one has all of it."""
    return xp.where(a >= largest, 0, g)


def mean(total, xp, *, count=1.0):
    """The sum of so many numbers, divided by how many they are; the error likewise."""
    return total / count
