"""The number of a rent statement, which whoever pays names to the bank: a creditor reference of ISO 11649.

`RF47R202605000123`: RF, two check digits, and after the R the month and the id of the statement. Nothing is stored for
it. One wrong digit, or two that changed places, make it no number at all, so that no money goes to another's account.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

DIGITS = 6  # of the id, at least
_SEPARATORS = re.compile(r"[\W_]+")
_BEGINNING = re.compile(r"RF\d{2}R(\d{6})(\d{6,15})")


@dataclass(frozen=True)
class Named:
    """A statement as its number names it."""

    pk: int
    month: dt.date


def number_of(pk: int, month: dt.date) -> str:
    """As a machine writes it, without blanks."""
    own = f"R{month:%Y%m}{pk:0{DIGITS}}"
    return f"RF{mod_97_10.calc_check_digits(f'{own}RF')}{own}"


def written(number: str) -> str:
    """As people read it: in groups of four."""
    return str(iso11649.format(number))


def named_in(text: str) -> list[Named]:
    """The statements that a text of a bank names, each once, whatever stands before, between and after. What follows a
    number may look like more digits of it: every reading that the check digits bear is named."""
    return list(dict.fromkeys(_readings(_SEPARATORS.sub("", text).upper())))


def _readings(text: str) -> Iterator[Named]:
    for found in _BEGINNING.finditer(text):
        month, digits = found.groups()
        for length in range(DIGITS, len(digits) + 1):
            pk = digits[:length]
            is_padded = length > DIGITS and pk.startswith("0")
            if is_padded or not 1 <= int(month[4:]) <= 12 or month.startswith("0000"):
                continue
            if iso11649.is_valid(found.group()[: len("RF00R") + len(month) + length]):
                yield Named(int(pk), dt.date(int(month[:4]), int(month[4:]), 1))
