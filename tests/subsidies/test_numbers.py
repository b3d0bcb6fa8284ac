"""Every number of the policy, and every unit, is called something that people understand."""

import pytest
from django.utils import translation

from subsidies.numbers import NAMES, UNITS, name_of
from subsidies.rules.catalogue import PARAMETERS
from subsidies.rules.parameters import UNITS as KNOWN


def test_every_parameter_and_every_unit_has_a_name_and_no_other_has():
    assert NAMES.keys() == PARAMETERS.keys()
    assert UNITS.keys() == KNOWN


@pytest.mark.parametrize("language", ["en", "zh-hans", "de"])
def test_no_two_numbers_of_a_point_are_called_the_same(language):
    with translation.override(language):
        called = [(name.rpartition(".")[0], name_of(name)) for name in PARAMETERS]
    assert len(set(called)) == len(called)


def test_what_nobody_named_is_called_by_its_code():
    assert name_of("rent_waiver.colour") == "rent_waiver.colour"
