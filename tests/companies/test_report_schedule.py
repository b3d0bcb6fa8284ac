"""Which companies owe which report, by the zone's rules; who is due, late, sent, verified and excused."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from companies.bulk.duties import Counted, counted
from companies.merging import rules
from companies.models import ReportDuty, ReportExcuse, ReportingRule, StageChange
from companies.reporting.calendar import before, coming, ended, is_end_of, quarter_end
from companies.reporting.duties import next_duty, periods_shown
from companies.services import schedule
from core import outbox
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import period
from tests.factories import CompanyFactory, ReportFactory, UserFactory

ON = dt.date(2026, 5, 15)
Q4, Q1 = dt.date(2025, 12, 31), dt.date(2026, 3, 31)
SINCE = dt.date(2025, 1, 1)
EACH_QUARTER = {"place": 10, "months": 3, "days": 30, "first": SINCE}
EACH_YEAR = {"place": 20, "months": 12, "days": 120, "first": SINCE}


def here(**other):
    """A company that has been in the zone for long."""
    since_long = period(dt.date(2020, 1, 1), None)
    return CompanyFactory(**{"registration": since_long, "operation": None, "stage": "chick", **other})


def followed(act):
    """The act, and what a worker then does."""

    def done(**values):
        rule = act(**values)
        schedule.write_duties(on=ON)
        return rule

    return done


set_rule, end_rule, void_rule = map(followed, (schedule.set_rule, schedule.end_rule, schedule.void_rule))


def owed(company) -> list[tuple]:
    duties = ReportDuty.objects.filter(company=company).order_by("period_end")
    return [(duty.period_end, duty.months, duty.due_on) for duty in duties]


# --- The calendar


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ((2026, 1, 1), (2026, 3, 31)), ((2026, 3, 31), (2026, 3, 31)), ((2026, 4, 1), (2026, 6, 30)),
        ((2026, 9, 30), (2026, 9, 30)), ((2026, 10, 1), (2026, 12, 31)), ((2026, 12, 31), (2026, 12, 31)),
    ],
)  # fmt: skip
def test_a_quarter_ends_with_its_third_month(day, end):
    assert quarter_end(dt.date(*day)) == dt.date(*end)


def test_a_period_is_over_on_the_day_after_its_last():
    assert ended(Q1, 2) == [Q4, dt.date(2025, 9, 30)]
    assert ended(dt.date(2026, 4, 1), 2) == [Q1, Q4]
    assert before(Q1) == Q4
    assert list(coming(Q1)) == [Q1, dt.date(2026, 6, 30), dt.date(2026, 9, 30), dt.date(2026, 12, 31)]
    assert (is_end_of(Q1, 12), is_end_of(Q4, 12), is_end_of(Q1, 3), is_end_of(Q4, None)) == (False, True, True, False)


# --- Rules


def test_the_first_rule_that_fits_decides_and_nothing_may_be_owed(officer):
    growing, chick, anchor = here(stage="growing"), here(), here(kind="anchor", stage="growing")
    set_rule(**EACH_QUARTER, stage="growing", by=officer)
    set_rule(**EACH_YEAR, by=officer)
    set_rule(place=1, kind="anchor", months=None, days=1, first=SINCE, by=officer)
    assert [end for end, _months, _due in owed(growing)] == [
        dt.date(2025, 3, 31), dt.date(2025, 6, 30), dt.date(2025, 9, 30), Q4, Q1,
    ]  # fmt: skip
    assert owed(growing)[-1] == (Q1, 3, dt.date(2026, 4, 30))
    assert owed(chick) == [(Q4, 12, dt.date(2026, 4, 30))]
    assert owed(anchor) == []


def test_the_stage_of_the_last_day_counts_and_the_first_that_is_known_for_days_before(officer):
    company = here(stage="growing")
    StageChange.objects.create(company=company, stage="chick", since=dt.date(2025, 6, 1))
    StageChange.objects.create(company=company, stage="growing", since=Q4)
    set_rule(**EACH_QUARTER, stage="growing", by=officer)
    assert [end for end, _months, _due in owed(company)] == [Q4, Q1]
    set_rule(**{**EACH_QUARTER, "place": 11}, stage="chick", by=officer)
    assert owed(company)[0][0] == dt.date(2025, 3, 31)


@pytest.mark.parametrize(
    ("registration", "operation", "owes"),
    [
        (period(Q1, None), None, True),  # on the last day of the period itself
        (period(dt.date(2026, 4, 1), None), None, False),
        (period(SINCE, Q1), None, True),
        (period(SINCE, dt.date(2026, 3, 30)), None, False),
        (None, period(SINCE, None), True),
        (period(None, dt.date(2027, 1, 1)), None, False),  # nobody knows since when
        (None, None, False),
    ],
)
def test_who_is_known_to_be_in_the_zone_on_the_last_day_owes(officer, registration, operation, owes):
    company = here(registration=registration, operation=operation)
    set_rule(**{**EACH_QUARTER, "first": Q1}, by=officer)
    assert bool(owed(company)) == owes


def test_a_rule_that_ends_governs_the_periods_up_to_its_last_day(officer):
    company = here()
    rule = set_rule(**{**EACH_QUARTER, "first": Q4}, by=officer)
    end_rule(rule=rule, last=dt.date(2026, 3, 30), by=officer)
    assert [end for end, _months, _due in owed(company)] == [Q4]
    set_rule(**{**EACH_QUARTER, "first": dt.date(2026, 3, 31), "days": 60}, by=officer)
    assert owed(company) == [(Q4, 3, dt.date(2026, 1, 30)), (Q1, 3, dt.date(2026, 5, 30))]


def test_a_void_rule_leaves_nothing_that_is_owed(officer):
    company = here()
    rule = set_rule(**EACH_QUARTER, by=officer)
    void_rule(rule=rule, reason="wrong days", by=officer)
    assert owed(company) == []
    with pytest.raises(Conflict, match="was declared void: wrong days"):
        end_rule(rule=rule, last=Q1, by=officer)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"place": 0}, "place"), ({"days": 0}, "days"), ({"days": 367}, "days"), ({"months": 6}, "months"),
     ({"last": dt.date(2024, 12, 31)}, "last"), ({"stage": "egg"}, "stage")],
)  # fmt: skip
def test_a_malformed_rule_is_refused(officer, values, field):
    with pytest.raises(Incomplete) as refused:
        set_rule(**{**EACH_QUARTER, **values}, by=officer)
    assert field in refused.value.fields


def test_what_is_owed_is_written_once_and_follows_the_register(officer, django_assert_num_queries):
    company = here()
    set_rule(**{**EACH_QUARTER, "first": Q4}, by=officer)
    assert schedule.write_duties(on=ON) == 0
    here()
    assert schedule.write_duties(on=ON) == 2
    type(company).objects.filter(pk=company.pk).update(registration=period(dt.date(2020, 1, 1), Q4))
    assert (schedule.write_duties(on=ON), owed(company)) == (1, [(Q4, 3, dt.date(2026, 1, 30))])
    for _number in range(20):
        here()
    with django_assert_num_queries(9):
        schedule.write_duties(on=ON)


@pytest.mark.parametrize("who", ["alice", "approver", "treasurer", "auditor", "mallory"])
def test_only_officers_set_rules_and_excuse(company, request, officer, who):
    by = request.getfixturevalue(who)
    rule = set_rule(**EACH_QUARTER, by=officer)
    for act in (
        lambda: set_rule(**EACH_QUARTER, by=by),
        lambda: end_rule(rule=rule, last=Q1, by=by),
        lambda: void_rule(rule=rule, reason="a", by=by),
        lambda: schedule.excuse(company=company, period_end=Q1, reason="a", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()


# --- States


def state_of(company, on=ON) -> str:
    return ReportDuty.objects.with_state(on).get(company=company, period_end=Q4).state


def test_the_states_of_what_is_owed(officer):
    set_rule(**{**EACH_YEAR, "days": 135}, by=officer)
    assert schedule.write_duties(on=ON) == 0
    companies = {name: here(code=name) for name in ("DUE", "SENT", "VERIFIED", "EXCUSED", "SHORT", "VOID")}
    schedule.write_duties(on=ON)
    ReportFactory(company=companies["SENT"])
    ReportFactory(company=companies["VERIFIED"], verified=True)
    ReportFactory(company=companies["SHORT"], months=3)  # a quarter is no year
    ReportFactory(company=companies["VOID"], voided=True)
    schedule.excuse(company=companies["EXCUSED"], period_end=Q4, reason="moved in last week", by=officer)
    due = dt.date(2026, 5, 15)
    states = {name: state_of(company, due) for name, company in companies.items()}
    assert states == {
        "DUE": "due", "SENT": "sent", "VERIFIED": "verified", "EXCUSED": "excused", "SHORT": "due", "VOID": "due",
    }  # fmt: skip
    assert state_of(companies["DUE"], due + dt.timedelta(days=1)) == "late"
    assert counted(Q4, due) == Counted(verified=1, sent=1, excused=1, late=0, due=3)
    assert counted(Q4, due + dt.timedelta(days=1)) == Counted(verified=1, sent=1, excused=1, late=3, due=0)
    for on in (due, due + dt.timedelta(days=1)):
        for state in ("due", "late", "sent", "verified", "excused"):
            found = {duty.company.code for duty in ReportDuty.objects.of_state(state, on)}
            assert found == {name for name, company in companies.items() if state_of(company, on) == state}
    assert set(ReportDuty.objects.open().values_list("company__code", flat=True)) == {"DUE", "SHORT", "VOID"}


def test_a_report_of_the_year_answers_for_its_last_quarter(officer):
    company = here()
    set_rule(**{**EACH_QUARTER, "first": Q4}, by=officer)
    ReportFactory(company=company, months=12)
    assert state_of(company) == "sent"


def test_an_excuse_can_be_taken_back_and_is_given_once(officer):
    company = here()
    set_rule(**EACH_YEAR, by=officer)
    made = schedule.excuse(company=company, period_end=Q4, reason="founder ill", by=officer)
    with pytest.raises(Conflict, match="excused from this report already"):
        schedule.excuse(company=company, period_end=Q4, reason="again", by=officer)
    schedule.take_excuse_back(excuse=made, reason="well again", by=officer)
    assert state_of(company) == "late"
    with pytest.raises(Conflict, match="owes no report up to 2026-03-31"):
        schedule.excuse(company=company, period_end=Q1, reason="a", by=officer)
    with pytest.raises(Incomplete):
        schedule.excuse(company=company, period_end=Q4, reason=" ", by=officer)


def test_no_officer_excuses_his_own_company(officer, company):
    company.memberships.create(user=officer, role="viewer")
    with pytest.raises(NotAllowed, match="nobody his own"):
        schedule.excuse(company=company, period_end=Q4, reason="a", by=officer)


def test_what_both_companies_of_a_merge_owe_is_owed_once(officer):
    merged, survivor = here(), here()
    set_rule(**{**EACH_QUARTER, "first": Q4}, by=officer)
    ReportDuty.objects.get(company=survivor, period_end=Q1).delete()
    for company in (merged, survivor):
        schedule.excuse(company=company, period_end=Q4, reason="a", by=officer)
    rules.RULES["companies.ReportDuty.company"].move(merged, survivor)
    rules.RULES["companies.ReportExcuse.company"].move(merged, survivor)
    assert [end for end, _months, _due in owed(survivor)] == [Q4, Q1]
    assert owed(merged) == []
    assert ReportExcuse.objects.valid().filter(company=survivor).count() == 1


# --- What comes next


def test_what_comes_next_is_told_by_the_rules_of_today(officer, django_assert_num_queries):
    company, gone = here(), here(registration=period(SINCE, dt.date(2026, 5, 14)))
    assert next_duty(company, ON) is None
    set_rule(**{**EACH_QUARTER, "stage": "growing"}, by=officer)
    set_rule(**EACH_YEAR, by=officer)
    with django_assert_num_queries(1):
        found = next_duty(company, ON)
    assert (found.period_end, found.months, found.due_on) == (dt.date(2026, 12, 31), 12, dt.date(2027, 4, 30))
    company.stage = "growing"
    assert next_duty(company, ON).period_end == dt.date(2026, 6, 30)
    assert next_duty(company, dt.date(2026, 6, 30)).period_end == dt.date(2026, 6, 30)
    assert next_duty(company, dt.date(2026, 7, 1)).period_end == dt.date(2026, 9, 30)
    assert next_duty(gone, ON) is None
    end_rule(rule=ReportingRule.objects.get(stage=""), last=dt.date(2026, 12, 30), by=officer)
    company.stage = "chick"
    assert next_duty(company, ON) is None


# --- Pages


@pytest.fixture
def owing(officer):
    """Two companies, of which one is late with the last year that is over, and the other has reported it."""
    today = timezone.localdate()
    late, sent = here(code="LATE", name="Late Ltd"), here(code="SENT", name="Sent Ltd")
    rule = {"place": 1, "months": 12, "days": 1, "first": dt.date(today.year - 1, 1, 1)}
    schedule.set_rule(**rule, by=officer)
    outbox.drain("duties")
    ReportFactory(company=sent, period_end=dt.date(today.year - 1, 12, 31))
    return late, sent


def rows(response) -> list[tuple[str, str]]:
    return [(row.record.company.code, row.record.state) for row in response.context["table"].paginated_rows]


def test_the_schedule_shows_the_newest_period_and_filters(owing, auditor, signed_in):
    client, url = signed_in(auditor), reverse("companies:schedule")
    assert rows(client.get(url)) == [("LATE", "late"), ("SENT", "sent")]
    assert rows(client.get(url, {"state": "late"})) == [("LATE", "late")]
    assert rows(client.get(url, {"q": "sent"})) == [("SENT", "sent")]
    assert rows(client.get(url, {"stage": "unicorn"})) == []
    assert len(rows(client.get(url, {"period": ""}))) == 2
    assert client.get(url).context["counted"].late == 1
    assert "Excuse" not in client.get(url).content.decode()


def test_the_schedule_is_a_file(owing, auditor, signed_in):
    response = signed_in(auditor).get(reverse("companies:schedule"), {"format": "csv", "state": "late"})
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (row["company"], row["months"], row["state"]) == ("LATE", "12", "late")


def test_the_schedule_takes_a_fixed_number_of_queries(owing, auditor, signed_in, django_assert_max_num_queries):
    client, url = signed_in(auditor), reverse("companies:schedule")
    client.get(url)
    for number in range(30):
        here(code=f"MORE-{number}")
    schedule.write_duties(on=timezone.localdate())
    with django_assert_max_num_queries(16):
        assert len(rows(client.get(url))) == 25


def test_a_company_sees_what_it_owes_and_by_when(owing, officer, signed_in):
    late, _sent = owing
    owner = late.memberships.create(user=UserFactory(), role="owner").user
    client, url = signed_in(owner), reverse("companies:company_duties", args=["LATE"])
    page = client.get(url).content.decode()
    assert "Report now" in page
    assert "The next report is of the period up to" in page
    assert client.get(reverse("companies:company_duties", args=["SENT"])).status_code == 404
    assert "Report now" not in signed_in(officer).get(url).content.decode()


def test_an_officer_excuses_and_takes_it_back(owing, officer, signed_in):
    client, late = signed_in(officer), owing[0]
    end = ReportDuty.objects.get(company=late).period_end
    url = reverse("companies:report_excuse", args=["LATE", end.isoformat()])
    assert "required" in client.post(url, {"reason": ""}).content.decode()
    assert client.post(url, {"reason": "a fire"}).status_code == 302
    made = ReportExcuse.objects.get()
    assert "Take the excuse back" in client.get(reverse("companies:schedule")).content.decode()
    back = reverse("companies:report_excuse_void", args=[made.pk])
    assert client.post(back, {"reason": "out"}).status_code == 302
    assert client.get(back).status_code == 404
    assert client.get(reverse("companies:report_excuse", args=["LATE", "tomorrow"])).status_code == 404


def test_an_officer_sets_ends_and_voids_rules(officer, signed_in):
    client, company = signed_in(officer), here()
    today = timezone.localdate()
    typed = {"place": 5, "kind": "", "stage": "", "months": 3, "days": 30, "first": f"{today.year - 1}-01-01"}
    assert client.post(reverse("companies:reporting_rule_new"), typed).status_code == 302
    assert owed(company) == []
    outbox.drain("duties")
    assert owed(company)
    rule = ReportingRule.objects.get()
    assert "All companies" in client.get(reverse("companies:reporting")).content.decode()
    end = reverse("companies:reporting_rule_end", args=[rule.pk])
    assert "lies before the first day" in client.post(end, {"last": "2000-01-01"}).content.decode()
    assert client.post(end, {"last": f"{today.year - 1}-06-30"}).status_code == 302
    void = reverse("companies:reporting_rule_void", args=[rule.pk])
    assert client.post(void, {"reason": "a mistake"}).status_code == 302
    outbox.drain("duties")
    assert (client.get(void).status_code, owed(company)) == (404, [])
    assert client.post(reverse("companies:reporting_rule_new"), {**typed, "months": 0}).status_code == 302
    assert ReportingRule.objects.get(voided_at=None).months is None


def test_the_periods_that_can_be_chosen(owing):
    newest = ReportDuty.objects.first().period_end
    assert periods_shown()[:2] == [newest, before(newest)]
