"""What may be published so that nobody reads a single company off it. Pure.

One rule for all figures: at least `LEAST` companies stand behind each number, and none of them makes half of a sum or
more. Groups that are too small are told together; what cannot be told is withheld, and said to be. Sums are told to two
digits: of two days that are published nobody subtracts what one company told in between.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

LEAST = 5
REST = "*"
"""The key of the groups that are told together."""


def protected_count(count: int) -> int | None:
    """A count of companies; None for one to four of them."""
    return None if 0 < count < LEAST else count


def protected_share(part: int, whole: int) -> Decimal | None:
    """The share to two decimals, so that no count can be worked out of it to the last company; None where those
    counted, or the others, are fewer than `LEAST`."""
    if min(part, whole - part) < LEAST:
        return None
    return (Decimal(part) / whole).quantize(Decimal("0.01"))


def protected_sum(values: Sequence[int]) -> int | None:
    """The sum of what some companies told, to two digits; None where fewer than `LEAST` told more than nothing, or one
    of them makes half of it or more."""
    telling = [abs(value) for value in values if value]
    if len(telling) < LEAST or 2 * max(telling) >= sum(telling):
        return None
    return to_two_digits(sum(values))


def to_two_digits(number: int) -> int:
    """The number rounded to its first two digits."""
    return round(number, 2 - len(str(abs(number))))


def protected_groups(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Groups of companies whose total is told too, in their order: those with fewer than `LEAST` are put together as
    REST, with the next smallest ones until it is large enough itself, so that none can be worked out of the total. []
    where all of them together are too few."""
    full = {key: count for key, count in counts.items() if count >= LEAST}
    rest = sum(count for count in counts.values() if 0 < count < LEAST)
    while 0 < rest < LEAST and full:
        smallest = min(full, key=lambda key: full[key])
        rest += full.pop(smallest)
    if 0 < rest < LEAST:
        return []
    return [*full.items(), *([(REST, rest)] if rest else [])]


def protected_steps(counts: Sequence[int]) -> list[int | None]:
    """Counts of companies that came so far, each step among those of the one before: a step is withheld where fewer
    than `LEAST` came so far, or fewer than `LEAST` stopped between it and the last one that is told."""
    told: list[int | None] = []
    last: int | None = None
    for count in counts:
        stopped = LEAST if last is None else last - count
        shown = protected_count(count) is not None and (not stopped or stopped >= LEAST)
        told.append(count if shown else None)
        last = count if shown else last
    return told
