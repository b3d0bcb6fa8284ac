"""The estimate of Kaplan and Meier, held to lifelines and to what can be reckoned by hand."""

import math
import warnings

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zone_portal.dashboard.survival.estimates import at_times, kaplan_meier, medians

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifelines import KaplanMeierFitter

SCHEMA = {"group": pl.String(), "time": pl.Int64(), "left": pl.Boolean()}
# Few different times, so that many leave at once and others are last seen at the same time.
watched = st.lists(st.tuples(st.integers(0, 25), st.booleans()), min_size=1, max_size=60)


def frame(rows, group="all"):
    return pl.DataFrame([(group, time, left) for time, left in rows], schema=SCHEMA, orient="row")


def by_lifelines(rows, alpha):
    fitted = KaplanMeierFitter(alpha=alpha)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted.fit([time for time, _left in rows], [left for _time, left in rows])
    return fitted


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(rows=watched, alpha=st.sampled_from([0.05, 0.1, 0.32]))
def test_curves_bands_numbers_at_risk_and_medians_are_those_of_lifelines(rows, alpha):
    fitted, curve = by_lifelines(rows, alpha), kaplan_meier(frame(rows), alpha)
    for row in curve.iter_rows(named=True):
        event = fitted.event_table.loc[row["time"]]
        counted = (row["at_risk"], row["left"], row["censored"])
        assert counted == (event["at_risk"], event["observed"], event["censored"])
        assert row["survival"] == close(fitted.survival_function_.loc[row["time"]].item())
        lower, upper = fitted.confidence_interval_.loc[row["time"]]
        assert (row["lower"], row["upper"]) == (close(lower), close(upper))
    if all(abs(share - 0.5) > 1e-9 for share in curve["survival"]):
        expected = fitted.median_survival_time_
        assert medians(curve)["median"][0] == (None if math.isinf(expected) else expected)


def close(expected):
    return pytest.approx(expected, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(one=watched, other=watched)
def test_groups_are_estimated_each_on_its_own(one, other):
    both = kaplan_meier(pl.concat([frame(one, "one"), frame(other, "other")]))
    for rows, group in ((one, "one"), (other, "other")):
        assert both.filter(pl.col("group") == group).equals(kaplan_meier(frame(rows, group)))


def test_a_small_zone_by_hand():
    """Five companies: one leaves at 3, one is last seen at 3, two leave at 5, one is here at 9."""
    rows = [(3, True), (3, False), (5, True), (5, True), (9, False)]
    curve = kaplan_meier(frame(rows))
    assert curve.select("time", "at_risk", "left", "censored").rows() == [(3, 5, 1, 1), (5, 3, 2, 0), (9, 1, 0, 1)]
    assert curve["survival"].to_list() == pytest.approx([0.8, 0.8 / 3, 0.8 / 3])
    # S ** exp(±1.959964 · √(1/(5·4)) / log 0.8)
    assert curve.row(0, named=True)["lower"] == pytest.approx(0.2038, abs=1e-4)
    assert curve.row(0, named=True)["upper"] == pytest.approx(0.9692, abs=1e-4)


def test_before_anybody_leaves_all_are_there_and_after_the_last_nobody_is():
    curve = kaplan_meier(frame([(2, False), (4, True)]))
    assert curve.select("survival", "lower", "upper").rows() == [(1.0, 1.0, 1.0), (0.0, 0.0, 0.0)]


def test_half_is_half_however_it_came_about():
    thirds = [(1, True), (2, True), (3, True), (4, False), (4, False), (4, False)]
    assert medians(kaplan_meier(frame(thirds)))["median"].to_list() == [3]
    assert medians(kaplan_meier(frame([*thirds, (4, False)])))["median"].to_list() == [None]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        (2, (3, 0, 1.0)),
        (3, (3, 1, 2 / 3)),  # who leaves at the time has left
        (6, (1, 1, 2 / 3)),  # who is last seen at the time was watched for so long
        (7, (0, 1, None)),  # nobody was: it is not known
    ],
)
def test_what_the_curve_says_at_a_time(time, expected):
    observed = frame([(3, True), (4, False), (6, False)])
    row = at_times(observed, kaplan_meier(observed), [time]).row(0, named=True)
    at_risk, left, survival = expected
    assert (row["at_risk"], row["left"]) == (at_risk, left)
    assert row["survival"] == (None if survival is None else pytest.approx(survival))
    assert (row["lower"] is None) is (survival is None)


def test_that_all_left_is_known_for_ever():
    observed = frame([(3, True), (4, True)])
    assert at_times(observed, kaplan_meier(observed), [9]).row(0, named=True)["survival"] == 0


def test_nobody_at_all_has_no_curve():
    empty = frame([])
    curve = kaplan_meier(empty)
    assert curve.height == medians(curve).height == at_times(empty, curve, [12]).height == 0


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (frame([(-1, True)]), "negative time"),
        (frame([(None, True)]), "needed of everybody"),
        (frame([(1, None)]), "needed of everybody"),
        (frame([(1, True)], group=None), "needed of everybody"),
        (frame([(1, True)]).drop("left"), "no column left"),
    ],
)
def test_what_cannot_be_estimated_is_refused(bad, message):
    with pytest.raises(ValueError, match=message):
        kaplan_meier(bad)


@pytest.mark.parametrize("alpha", [0, 1, -0.1])
def test_alpha_is_a_share(alpha):
    with pytest.raises(ValueError, match="alpha"):
        kaplan_meier(frame([(1, True)]), alpha)
