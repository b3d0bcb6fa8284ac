"""Check codes: they lead to one decision, and see what people do to them when they type."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies.certificates.codes import ALPHABET, code_of, normalized, read, seal_bits

PUBLIC_ID = uuid.UUID("3d30e305-7d27-47ac-8c0d-7ee37ee598f1")
SEAL = bytes.fromhex("6c48b6b1452b5f58e31150cd23700349691ee6fc871b35e377a1f5e3747679a8")
CODE = "7MRE-61BX-4X3T-S30D-FVDH-4BDS"


@given(st.uuids(version=4), st.binary(min_size=32, max_size=32))
def test_a_code_leads_to_its_decision_and_knows_its_seal(public_id, seal):
    wanted = read(code_of(public_id, seal))
    assert wanted.first <= public_id <= wanted.last
    assert wanted.seal_bits == seal_bits(seal)


def test_a_code_is_six_groups_of_four_and_stays_what_it_is():
    assert code_of(PUBLIC_ID, SEAL) == CODE


@given(st.uuids(version=4), st.uuids(version=4))
def test_what_a_code_leads_to_is_far_too_narrow_to_be_guessed(one, other):
    wanted = read(code_of(one, SEAL))
    assert wanted.last.int - wanted.first.int == 2**38 - 1
    assert one == other or not wanted.first <= other <= wanted.last


def test_every_wrong_character_is_seen():
    plain = CODE.replace("-", "")
    for place, right in enumerate(plain):
        for wrong in set(ALPHABET) - {right}:
            assert read(plain[:place] + wrong + plain[place + 1 :]) is None


def test_every_two_characters_that_changed_places_are_seen():
    plain = CODE.replace("-", "")
    for one in range(len(plain)):
        for other in range(one):
            swapped = list(plain)
            swapped[one], swapped[other] = plain[other], plain[one]
            assert plain[one] == plain[other] or read("".join(swapped)) is None


@pytest.mark.parametrize(
    "typed",
    [
        "7mre-61bx-4x3t-s30d-fvdh-4bds",
        "7MRE61BX4X3TS30DFVDH4BDS",
        " 7MRE 61BX 4X3T S30D FVDH 4BDS\n",
        "7MRE\u201361BX\u20134X3T\u2013S30D\u2013FVDH\u20134BDS",
        "7MRE-6IBX-4X3T-S3OD-FVDH-4BDS",
        "7MRE-6lBX-4X3T-S3oD-FVDH-4BDS",
    ],
)
def test_a_code_may_be_typed_as_people_type(typed):
    assert normalized(typed) == CODE
    assert read(typed) == read(CODE)


@pytest.mark.parametrize(
    "typed", ["", "-", CODE[:-1], f"{CODE}0", CODE.replace("7", "U"), CODE.replace("7", "ß"), "7" * 5000]
)
def test_what_is_no_code_leads_nowhere(typed):
    assert read(typed) is None
