"""What is named as the reason of a correction."""

import datetime as dt
from typing import Any

import pytest

from subsidies.corrections import Reform, reason


def segment(first: int = 1, until: int = 32, **more: Any) -> dict[str, Any]:
    month = {32: "2026-06-01"}
    return {
        "first": f"2026-05-{first:02}", "until": month.get(until, f"2026-05-{until:02}"), "days": until - first,
        "area": 10000, "waived_area": 10000, "price": 10000, "share": 10000, "reason": "waived",
    } | more  # fmt: skip


WHOLE = [segment()]
MOMENT = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([], "lease_removed"),
        ([segment(2)], "term"),
        ([segment(until=31)], "term"),
        ([segment(area=9000, waived_area=9000)], "area"),
        ([segment(price=9000)], "price"),
        ([segment(waived_area=0, reason="not_registered")], "registration"),
        ([segment(1, 11, waived_area=0, reason="registration_unknown"), segment(11)], "registration"),
        ([segment(1, 11), segment(11, waived_area=0, reason="not_operating")], "operation"),
        ([segment(waived_area=0, reason="window_over")], "window"),
        ([segment(waived_area=0, share=None, reason="no_policy")], "policy"),
        ([segment(share=5000)], "policy"),
        ([segment(waived_area=5000, reason="limit_reached")], "shared_area"),
        ([segment(2, price=9000)], "term;price"),
        ([segment(2, waived_area=0, reason="not_registered")], "term;registration"),
    ],
)
def test_the_reason_is_what_differs(after: list[dict[str, Any]], expected: str):
    assert reason(WHOLE, after) == expected


def test_a_lease_that_was_not_there_before_was_added():
    assert reason([], WHOLE) == "lease_added"


def test_a_shorter_term_alone_says_nothing_about_the_registration():
    before = [segment(waived_area=0, reason="not_registered")]
    assert reason(before, [segment(5, waived_area=0, reason="not_registered")]) == "term"


@pytest.mark.parametrize(
    ("first", "until", "expected"),
    [
        (1, None, "policy"),
        (31, None, "shared_area;policy"),
        (1, 2, "shared_area;policy"),
        (1, 1, "shared_area"),
    ],
)
def test_another_area_on_a_day_of_a_new_version_is_the_policy_s_doing(first: int, until: int | None, expected: str):
    may = [dt.date(2026, 5, day) if day else None for day in (first, until)]
    after = [segment(waived_area=5000, reason="limit_reached")]
    assert reason(WHOLE, after, [Reform(MOMENT, *may)]) == expected


def test_a_price_that_was_corrected_is_no_reform():
    assert reason(WHOLE, [segment(price=9000)], [Reform(MOMENT, dt.date(2026, 1, 1), None)]) == "price"
