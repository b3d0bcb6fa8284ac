"""The unified social credit code: each check fails in its own words."""

import pytest
from django.core.exceptions import ValidationError

from companies.credit_codes import normalized, problem_of, validate_uscc


@pytest.mark.parametrize("code", ["91110000600037341L", "52330100MJ8721234N"[:17] + "X"])
def test_well_formed_codes_are_judged_by_their_check_character(code):
    assert (problem_of(code) is None) == (code == "91110000600037341L")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("9111000060003734", "18 characters"),
        ("91110000600037341LL", "18 characters"),
        ("9111000060003734IL", "no I, O, S, V and Z"),
        ("91A10000600037341L", "Characters 3 to 8"),
        ("91110000600037341M", "last character"),
        ("91110000600037314L", "last character"),
    ],
)
def test_the_message_says_which_check_failed(code, words):
    with pytest.raises(ValidationError, match=words):
        validate_uscc(code)


def test_typed_codes_are_normalized():
    assert normalized(" 9111 0000-600037341l ") == "91110000600037341L"
