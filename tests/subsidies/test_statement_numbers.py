"""The number of a statement: one wrong digit is no number, and it is found in whatever a bank writes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from subsidies.statement_numbers import Named, named_in, number_of, written

MAY = dt.date(2026, 5, 1)
months = st.dates(dt.date(2020, 1, 1), dt.date(2199, 12, 1)).map(lambda day: day.replace(day=1))


@given(pk=st.integers(1, 10**12), month=months)
def test_every_number_is_a_creditor_reference_and_leads_back(pk: int, month: dt.date):
    number = number_of(pk, month)
    assert iso11649.is_valid(number)
    assert Named(pk, month) in named_in(number)
    assert Named(pk, month) in named_in(f"Rent for May: {written(number).lower()}, thanks")


@given(pk=st.integers(1, 10**7), place=st.integers(0, 15), step=st.integers(1, 9))
def test_one_wrong_digit_is_no_number(pk: int, place: int, step: int):
    number = number_of(pk, MAY)
    place = place % len(number)
    if not number[place].isdigit():
        return
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert Named(pk, MAY) not in named_in(wrong)
    assert not iso11649.is_valid(wrong)


@pytest.mark.parametrize("text", ["", "rent", "RF00R202605000123", "RF47", "R202605000123", "RF47R202613000123"])
def test_what_names_none(text: str):
    assert named_in(text) == []


def test_several_are_named_each_once():
    one, other = number_of(1, MAY), number_of(2, MAY)
    assert named_in(f"{one} / {other} / {one}") == [Named(1, MAY), Named(2, MAY)]


def test_digits_behind_it_do_not_hide_it():
    assert Named(123, MAY) in named_in(f"{number_of(123, MAY)} 20260610")
