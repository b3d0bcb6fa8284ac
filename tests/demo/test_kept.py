"""A list of a thousand companies as it is kept: it comes in by the command line and by the browser alike, says what it
says, and stages are proposed as the policy's criteria say."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from companies.models import Company
from core.interchange.kinds import export_kind
from core.models import FileImport, Upload
from funding.models import Round
from subsidies.rules.windows import add_months
from tests.policies import published_policy
from zone_portal.demo import kept

ON = dt.date(2026, 6, 15)
LISTED = kept.kept(ON)
GOOD = [company for company in LISTED if company.is_good]
BILLION = 1_000_000_000


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return kept.write_files(LISTED, tmp_path_factory.mktemp("kept"))


def by_command(files, *options: str) -> None:
    for kind, path in files.items():
        call_command("import_data", kind, str(path), "--tidy", "--accept-valid", *options)


def by_browser(client, files) -> None:
    for kind, path in files.items():
        file = SimpleUploadedFile(path.name, path.read_bytes())
        page = client.post(reverse("files"), {"kind": kind, "tidy": "on", "file": file})
        client.post(page.url + "take/", {"good": "1"})


def on_record() -> dict[str, list[tuple[Any, ...]]]:
    frames = {}
    for kind in ("companies", "rounds"):
        frames[kind] = [row for frame in export_kind(kind).frame(None, None) for row in frame.rows()]
    return frames


def test_the_list_is_as_dirty_as_lists_are():
    assert len(LISTED) == 1000
    assert len({company.row for company in LISTED}) == 1000
    assert sum(company.founded_on is None for company in LISTED) > 200
    assert 5 <= sum(not company.is_good for company in LISTED) <= 30
    names = [company.name for company in LISTED]
    assert len(set(names)) < len(names)
    rounds = [held for company in LISTED for held in company.rounds]
    assert len(rounds) > 1000
    assert 10 <= sum(not held.is_good for held in rounds) <= 100
    assert {held.currency for held in rounds} == {"CNY", "USD"}


def test_the_same_day_gives_the_same_files(files, tmp_path):
    again = kept.write_files(kept.kept(ON), tmp_path)
    assert all(again[kind].read_bytes() == path.read_bytes() for kind, path in files.items())


@pytest.fixture
def brought(db, files):
    by_command(files)


def test_each_row_that_can_be_read_says_on_record_what_it_says(brought):
    stored = {
        company.code: (company.name, company.kind, company.founded_on, company.listed, company.bad_credit)
        for company in Company.objects.all()
    }
    assert stored == {one.code: (one.name, one.kind, one.founded_on, one.listed, one.bad_credit) for one in GOOD}
    rounds = {
        (held.company.code, held.closed_on, held.round): (
            held.currency, held.amount, held.post_money_valuation, held.cny_rate
        )
        for held in Round.objects.select_related("company")
    }  # fmt: skip
    told = {
        (one.code, held.closed_on, held.name): (held.currency, held.amount, held.valuation, rate_of(held))
        for one in GOOD
        for held in one.rounds
        if held.is_good
    }
    assert rounds == told


def rate_of(held: kept.Round) -> Decimal | None:
    return Decimal(held.rate) if held.rate else None


def test_the_refused_rows_come_back_and_no_other(brought, files):
    lines = files["companies"].with_name("companies.refused.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + sum(not company.is_good for company in LISTED)
    assert all(line.rsplit(",", 1)[-1] for line in lines)
    lines = files["rounds"].with_name("rounds.refused.csv").read_text(encoding="utf-8").splitlines()
    refused = sum(not (company.is_good and held.is_good) for company in LISTED for held in company.rounds)
    assert len(lines) == 1 + refused


def test_the_browser_brings_the_same_as_the_command_line(db, files, officer, signed_in):
    with transaction.atomic():
        by_command(files)
        counts = list(FileImport.objects.order_by("pk").values("kind", "new", "changed", "unchanged", "refused"))
        commanded = on_record()
        transaction.set_rollback(True)
    assert not Company.objects.exists()
    by_browser(signed_in(officer), files)
    assert on_record() == commanded
    assert list(FileImport.objects.order_by("pk").values("kind", "new", "changed", "unchanged", "refused")) == counts


def test_a_second_time_nothing_changes(brought, files, officer, signed_in):
    before = on_record()
    by_browser(signed_in(officer), files)
    for upload in Upload.objects.all():
        assert (upload.findings["new"], upload.findings["changed"]) == (0, 0)
    assert on_record() == before


def test_doubled_names_come_in_and_are_told(db, files, officer, signed_in):
    by_browser(signed_in(officer), {"companies": files["companies"]})
    (note,) = Upload.objects.get().findings["notes"]
    assert "have the name of another one" in note


# --- Stages, by criteria that are written down here once more


def anyof(*values: bool | None) -> bool | None:
    return True if True in values else None if None in values else False


def allof(*values: bool | None) -> bool | None:
    return False if False in values else None if None in values else True


@pytest.fixture
def rounds_of() -> dict[str, list[kept.Round]]:
    return {one.code: [held for held in one.rounds if held.is_good] for one in GOOD}


def yuan(held: kept.Round) -> Decimal | None:
    rate = Decimal(1) if held.currency == "CNY" else rate_of(held)
    return None if held.amount is None or rate is None else held.amount * rate


def dollars(held: kept.Round, rates: list[tuple[dt.date, str, Decimal]]) -> Decimal | None:
    """By the rate of the newest round in dollars that was closed within the year before."""
    if held.valuation is None or held.currency == "USD":
        return None if held.valuation is None else Decimal(held.valuation)
    known = [rate for rate in rates if rate[0] <= held.closed_on < add_months(rate[0], 12)]
    return held.valuation / max(known)[2] if known else None


def reaches(amounts: list[Decimal | None], least: int) -> bool | None:
    """Unknown ones may add to what is known, and take nothing away."""
    if sum(amount for amount in amounts if amount is not None) >= least:
        return True
    return None if None in amounts else False


def stages_of(one: kept.Kept, rounds: list[kept.Round], rates: Any) -> dict[str, bool | None]:
    incorporated, founded = one.kind != "team", one.founded_on
    no_report = None  # no product and no revenue is told of
    since = [held for held in rounds if add_months(held.closed_on, 36) > ON]
    valued = [value for held in rounds if (value := dollars(held, rates)) is not None]
    return {
        "nestling": True,
        "chick": allof(incorporated, anyof(no_report, reaches([yuan(held) for held in rounds], 1_000_000))),
        "growing": allof(
            incorporated,
            None if founded is None else add_months(founded, 15 * 12) >= ON,
            anyof(
                allof(None if founded is None else add_months(founded, 3 * 12) <= ON, no_report),
                reaches([yuan(held) for held in since], 5_000_000),
            ),
        ),
        "unicorn": allof(
            incorporated,
            None if founded is None else add_months(founded, 10 * 12) >= ON,
            bool(rounds),
            None if one.listed is None else not one.listed,
            valued[-1] > BILLION if valued else None,
            None if one.bad_credit is None else not one.bad_credit,
        ),
    }


def test_stages_are_proposed_as_the_criteria_say_and_what_is_missing_is_unknown(brought, rounds_of):
    published_policy()
    rates = [
        (held.closed_on, one, rate) for one, rounds in rounds_of.items() for held in rounds if (rate := rate_of(held))
    ]
    told = {
        row["company"]: row for frame in export_kind("stages").frame(ON, None) for row in frame.iter_rows(named=True)
    }
    assert len(told) == len(GOOD)
    seen: dict[str, set[bool | None]] = {}
    for one in GOOD:
        expected = stages_of(one, rounds_of[one.code], rates)
        highest = [stage for stage, met in expected.items() if met][-1]
        row = told[one.code]
        assert row["proposed"] == highest, (one, expected, row)
        beyond = list(expected)[list(expected).index(highest) + 1 :]
        if beyond:
            following = expected[beyond[0]]
            seen.setdefault(beyond[0], set()).add(following)
            assert (following is None) == bool(row["missing"]), (one, expected, row)
        seen.setdefault(highest, set()).add(True)
        if one.founded_on is None and one.kind != "team":
            assert highest in ("nestling", "chick")  # nobody knows whether it is young enough
    assert seen == {
        "nestling": {True},
        "chick": {True, False, None},
        "growing": {True, False, None},
        "unicorn": {True, False, None},
    }
