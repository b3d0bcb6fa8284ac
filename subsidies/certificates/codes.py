"""The check code of a certificate: `7K3M-9QX2-…`, six groups of four of Crockford's base 32, for people to type.

Of its 24 characters 18 are the first 90 bits of the decision's public id (84 of them random, so that no code can be
guessed), 5 are bits of the seal (a record that was changed and sealed anew does not fit its papers any more), and the
last one checks the others: one wrong character, or two that changed places, is told apart from a code that nobody has.
Nothing is stored for it, and a code leads to its decision by the index on the public id.
"""

import re
from dataclasses import dataclass
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
SPACE = re.compile(r"[\s\-\u2010-\u2015\u2212.]+")
GROUP = 4
OF_ID, OF_SEAL = 18, 5
LENGTH = OF_ID + OF_SEAL + 1
BITS = 5
_REST = 128 - OF_ID * BITS
_REDUCE = 0b100101  # x⁵ + x² + 1: with it, x runs through all 31 numbers that are not zero


@dataclass(frozen=True)
class Wanted:
    """What a code leads to: public ids from `first` to `last` (one at most), and the bits of the seal."""

    first: UUID
    last: UUID
    seal_bits: int


def code_of(public_id: UUID, seal: bytes) -> str:
    """The code of a decision, in groups."""
    number = public_id.int >> _REST << OF_SEAL * BITS | seal_bits(seal)
    digits = [number >> BITS * place & 31 for place in reversed(range(OF_ID + OF_SEAL))]
    text = "".join(ALPHABET[digit] for digit in [*digits, _check(digits)])
    return "-".join(text[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def seal_bits(seal: bytes) -> int:
    """The part of a seal that is in the code: its first 25 bits."""
    return int.from_bytes(seal[:4], "big") >> 32 - OF_SEAL * BITS


def normalized(typed: str) -> str:
    """As it is printed: in capitals and groups, O read as 0, I and L as 1, whatever stood between."""
    text = SPACE.sub("", typed).upper().translate(ALIKE)
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def read(typed: str) -> Wanted | None:
    """What the code leads to; None where it has a typing error: not 24 characters, or one that is wrong."""
    text = normalized(typed).replace("-", "")
    if len(text) != LENGTH or not set(text) <= set(ALPHABET):
        return None
    *digits, check = (ALPHABET.index(character) for character in text)
    if _check(digits) != check:
        return None
    number = 0
    for digit in digits:
        number = number << BITS | digit
    first = number >> OF_SEAL * BITS << _REST
    return Wanted(UUID(int=first), UUID(int=first | (1 << _REST) - 1), number & (1 << OF_SEAL * BITS) - 1)


def _check(digits: list[int]) -> int:
    """A sum in the field of 32 elements with a different factor at each place: it sees every single wrong digit and
    every two digits that changed places."""
    total = 0
    for digit in digits:
        total = _doubled(total ^ digit)
    return total


def _doubled(number: int) -> int:
    number <<= 1
    return number ^ _REDUCE if number & 32 else number
