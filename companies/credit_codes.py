"""The unified social credit code (GB 32100-2015): 18 characters, the last one a check character.

Pure. python-stdnum does the arithmetic; this says in words which check failed.
"""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

PATTERN = r"^[0-9A-HJ-NPQRTUWXY]{18}$"


def normalized(code: str) -> str:
    """As it is stored: upper case, without spaces and hyphens."""
    return re.sub(r"[\s-]", "", code).upper()


def problem_of(code: str) -> Any:
    """Why a code cannot be right, in the reader's language; None when it can. Expects the normalized form."""
    if len(code) != 18:
        return _("A unified social credit code has 18 characters.")
    if not re.match(PATTERN, code):
        return _("A unified social credit code has digits and capital letters, but no I, O, S, V and Z.")
    if not code[2:8].isdigit():
        return _("Characters 3 to 8 of a unified social credit code are digits: the place of registration.")
    if uscc.calc_check_digit(code[:-1]) != code[-1]:
        return _("The last character does not fit the others: there is a typing error in this credit code.")
    return None


def validate_uscc(code: str) -> None:
    """Field validator: raises ValidationError that says which check failed."""
    if problem := problem_of(code):
        raise ValidationError(problem, code="uscc")
