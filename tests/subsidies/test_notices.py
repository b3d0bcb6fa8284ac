"""What members are told of decisions: news only, once, each in his own language."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from accounts import tasks
from accounts.models import Notice, User
from accounts.notices import shown
from companies.choices import MemberRole
from companies.models import Company
from core import outbox, runs
from core.models import OutboxDelivery, OutboxEvent
from core.periods import period
from funding.models import Project
from subsidies import notices, outlooks
from subsidies import policy as policies
from subsidies.choices import Outcome
from subsidies.explaining import Account, full_accounts
from subsidies.explanations import explained
from subsidies.models import Decision, PolicyVersion
from subsidies.prospects import prospects
from subsidies.services import assessments
from tests.factories import (
    CompanyFactory,
    DecisionFactory,
    MembershipFactory,
    PolicyVersionFactory,
    RunFactory,
    some_published_version,
)
from tests.subsidies.conftest import ON, let

# From the moment at which a test begins: an event counts what was decided some minutes before it, and the suite may
# have been read long ago.
NOW = dt.timedelta()
BEFORE = dt.timedelta(days=-1)


@pytest.fixture
def version(db) -> PolicyVersion:
    """One without numbers: nothing can be reckoned by it, and what changed is told all the same."""
    return PolicyVersionFactory(published=True)


@pytest.fixture
def record(db):
    """Write decisions of a company at one moment, each in the place of the one in force."""
    began = timezone.now()
    version = some_published_version()

    def write(company: Company, after: dt.timedelta = NOW, /, **points: tuple[str | None, ...]) -> None:
        at = began + after
        for point, (outcome, amount, *why) in points.items():
            unmet, missing = [*why, "", ""][:2]
            Decision.objects.in_force().filter(company=company, point=point).update(superseded_at=at)
            DecisionFactory(
                company=company, version=version, point=point, outcome=outcome, decided_at=at,
                amount=None if amount is None else Decimal(amount), unmet=unmet, missing=missing,
            )  # fmt: skip

    return write


def event(company: Company) -> OutboxEvent:
    return OutboxEvent.objects.create(topic="decision.changed", key=company.code, payload={"on": "2026-06-15"})


def event_of_run(*, company: str = "") -> OutboxEvent:
    arguments = {"on": "2026-06-15"} | ({"company": company} if company else {})
    run = RunFactory(arguments=arguments, started_at=timezone.now())
    return OutboxEvent.objects.create(topic="decision.changed", key=company, payload={"run": str(run.public_id)})


def told() -> list[tuple[str, str]]:
    return sorted(Notice.objects.values_list("user__name", "message"))


def texts() -> list[str]:
    return [shown(notice).text for notice in Notice.objects.filter(message="entitlements_changed").order_by("pk")]


def test_the_first_decisions_are_one_notice_that_they_are_there(company, alice, carol, mallory, record):
    record(company, talent=("eligible", "1000.00"), rent_waiver=("unknown", None))
    notices.tell_of_decisions([event(company)])
    assert told() == [("Alice", "entitlements_ready"), ("Carol", "entitlements_ready")]
    notice = alice.notices.get()
    assert notice.url == "/workspace/A-001/entitlements/"
    assert shown(notice).title == "Lingxi Audio: what you are entitled to"


def test_another_outcome_and_another_amount_are_told_with_the_words_of_the_pages(company, alice, record):
    record(company, BEFORE, talent=("eligible", "1000.00"), rent_waiver=("eligible", "9300.00"))
    record(company, BEFORE, activities=("eligible", None))
    record(company, talent=("not_eligible", None), rent_waiver=("eligible", "9000.50"))
    notices.tell_of_decisions([event(company)])
    assert told() == [("Alice", "entitlements_changed")]
    assert texts() == ["Talent award: not eligible.\nRent waiver: eligible, ¥9,000.50."]


def test_a_change_says_why_in_one_line(company, alice, record):
    record(company, BEFORE, talent=("eligible", None), activities=("eligible", None))
    record(
        company,
        talent=("not_eligible", None, "registered;settled", ""),
        activities=("unknown", None, "", "founded_on"),
    )
    notices.tell_of_decisions([event(company)])
    assert texts() == [
        (
            "Talent award: not eligible (not met: Registered in the zone, Settled in the zone and operating)."
            "\nActivities: unknown (missing: Founded on)."
        )
    ]


def test_a_new_yes_says_what_stood_in_its_way(company, alice, record):
    record(company, BEFORE, talent=("not_eligible", None, "registered", ""), rent_waiver=("unknown", None, "", "kind"))
    record(company, talent=("eligible", "1000.00"), rent_waiver=("eligible", None))
    notices.tell_of_decisions([event(company)])
    assert texts() == [
        (
            "Talent award: eligible, ¥1,000.00 (now met: Registered in the zone)."
            "\nRent waiver: eligible (now known: Kind of company)."
        )
    ]


def test_a_criterion_that_the_policy_no_longer_has_is_not_named(company, alice, record):
    record(company, BEFORE, talent=("eligible", None))
    record(company, talent=("not_eligible", None, "long_gone", ""))
    notices.tell_of_decisions([event(company)])
    assert texts() == ["Talent award: not eligible."]


def test_a_point_that_is_decided_for_the_first_time_later_is_a_change(company, alice, record):
    record(company, BEFORE, talent=("eligible", "1000.00"))
    record(company, activities=("eligible", None))
    notices.tell_of_decisions([event(company)])
    assert texts() == ["Activities: eligible."]


def test_other_facts_alone_are_no_news(company, alice, record):
    record(company, BEFORE, talent=("eligible", "1000.00"), rent_waiver=("unknown", None))
    record(company, talent=("eligible", "1000.00"), rent_waiver=("unknown", None))
    notices.tell_of_decisions([event(company)])
    assert told() == []


@pytest.mark.parametrize(("decided_for", "expected"), [("2026-02-10", []), ("2026-01-31", ["entitlements_changed"])])
def test_a_monthly_amount_is_news_within_its_month_only(company, alice, version, decided_for, expected):
    relief = {"company": company, "version": version, "point": "rent_waiver", "outcome": "eligible"}
    january, now = dt.date(2026, 1, 10), timezone.now()
    DecisionFactory(**relief, amount=Decimal(310), decided_at=now + BEFORE, superseded_at=now, decided_for=january)
    day = dt.date.fromisoformat(decided_for)
    DecisionFactory(**relief, amount=Decimal(280), decided_at=now, decided_for=day)
    notices.tell_of_decisions([event(company)])
    assert [message for _name, message in told()] == expected


def test_what_is_superseded_again_is_no_news(company, alice, record):
    record(company, BEFORE, talent=("eligible", "1000.00"))
    record(company, dt.timedelta(minutes=-1), talent=("unknown", None))
    record(company, NOW, talent=("not_eligible", None))
    notices.tell_of_decisions([event(company)])
    assert texts() == ["Talent award: not eligible."]


def test_a_second_delivery_tells_nobody_twice(company, alice, bob, record):
    record(company, BEFORE, talent=("eligible", "1000.00"))
    record(company, talent=("unknown", None))
    happened = [event(company), event(company), event_of_run()]
    for delivered in (happened, happened[:1], happened[2:]):
        notices.tell_of_decisions(delivered)
    assert told() == [("Alice", "entitlements_changed"), ("Bob", "entitlements_changed")]


def test_two_changes_are_two_notices(company, alice, record):
    record(company, BEFORE, talent=("eligible", "1000.00"))
    for minutes, outcome in ((0, Outcome.UNKNOWN), (1, Outcome.NOT_ELIGIBLE)):
        record(company, dt.timedelta(minutes=minutes), talent=(outcome, None))
        notices.tell_of_decisions([event(company)])
    assert texts() == ["Talent award: unknown.", "Talent award: not eligible."]


def test_a_large_run_is_told_in_several_deliveries(version, record, monkeypatch):
    monkeypatch.setattr(notices, "COMPANIES_AT_ONCE", 2)
    monkeypatch.setattr(notices, "MOST_COMPANIES", 4)
    for _number in range(9):
        member = MembershipFactory()
        record(member.company, BEFORE, talent=("eligible", "1000.00"))
        record(member.company, talent=("not_eligible", None))
    notices.tell_of_decisions([event_of_run()])
    assert Notice.objects.count() == 4
    assert outbox.drain("decision-notices") == 2
    assert Notice.objects.count() == 9
    drain()


@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_a_run_tells_the_members_of_all_companies_that_it_changed(version, record, monkeypatch, at_once):
    monkeypatch.setattr(notices, "COMPANIES_AT_ONCE", at_once)
    companies = [CompanyFactory() for _number in range(5)]
    for number, company in enumerate(companies):
        record(company, BEFORE, talent=("eligible", "1000.00"))
        record(company, talent=("not_eligible", None) if number else ("eligible", "1000.00"))
    for company in companies[:4]:
        MembershipFactory(company=company, user__name=company.name)
    MembershipFactory(company=companies[3], user__name="Gone", user__is_active=False)
    notices.tell_of_decisions([event_of_run()])
    assert told() == sorted((company.name, "entitlements_changed") for company in companies[1:4])


def test_a_run_of_one_company_tells_its_members_alone(company, other_company, alice, mallory, record):
    for one in (company, other_company):
        record(one, BEFORE, talent=("eligible", "1000.00"))
        record(one, talent=("unknown", None))
    notices.tell_of_decisions([event_of_run(company="A-001")])
    assert told() == [("Alice", "entitlements_changed")]


def test_many_companies_cost_the_queries_of_one(policy, record, django_assert_max_num_queries):
    def changed() -> OutboxEvent:
        member = MembershipFactory()
        let(member.company)
        record(member.company, BEFORE, talent=("eligible", "1000.00"))
        record(member.company, talent=("unknown", None))
        return event_of_run()

    with CaptureQueriesContext(connection) as of_one:
        notices.tell_of_decisions([changed()])
    for _number in range(5):
        happened = changed()
    with django_assert_max_num_queries(min(len(of_one), 24)):
        notices.tell_of_decisions([happened])
    assert Notice.objects.count() == 6
    assert texts()[-1].startswith("Talent award: unknown.\nFor a yes: ")


def test_a_notice_speaks_the_language_in_which_it_is_read(company, alice, record):
    record(company, BEFORE, talent=("eligible", "1000.00"))
    record(company, talent=("unknown", None))
    notices.tell_of_decisions([event(company)])
    notice = alice.notices.get()
    assert shown(notice).title.startswith("Lingxi Audio: ")
    with translation.override("zh-hans"):
        assert "灵犀音频" in shown(notice).title


def test_members_are_mailed_the_link(company, alice, record, settings, monkeypatch, django_capture_on_commit_callbacks):
    settings.BASE_URL = "https://zone.example"
    monkeypatch.setattr(tasks.mail_notice, "delay", tasks.mail_notice)
    record(company, talent=("unknown", None))
    with django_capture_on_commit_callbacks(execute=True):
        notices.tell_of_decisions([event(company)])
    (message,) = mail.outbox
    assert message.to == [alice.email]
    assert "https://zone.example/workspace/A-001/entitlements/" in message.body


# --- What may become of it ---------------------------------------------------------------------------------------


@pytest.fixture
def joined(tenant: Company) -> Company:
    """Alice's like, with her company decided and told of."""
    MembershipFactory(company=tenant, user__email="nora@founders.example", user__language="en")
    assessments.assess_companies([tenant.pk], on=ON)
    drain()
    return tenant


def told_after(company: Company, *, on: dt.date = ON) -> list[str]:
    """The lines of the notice of what a new decision changed."""
    assessments.assess_companies([company.pk], on=on)
    drain()
    return texts()[-1].splitlines()


def after(lines: list[str], point: str) -> str:
    """The line that follows the one of a point."""
    (place,) = [place for place, line in enumerate(lines) if line.startswith(f"{point}: ")]
    return lines[place + 1]


def test_a_no_says_the_nearest_change_whose_it_is_and_what_it_would_bring(joined):
    Company.objects.filter(pk=joined.pk).update(registration=period(dt.date(2025, 10, 1), dt.date(2026, 5, 31)))
    lines = told_after(joined)
    assert lines[lines.index("Rent waiver: not eligible (not met: Registered in the zone).") + 1] == (
        "For a yes: Registered in the zone: the company can bring it about. It would bring ¥9,300.00 for the month."
    )
    (account,) = [one for one in page_of(joined) if one.point == "rent_waiver"]
    assert after(lines, "Rent waiver") == f"For a yes: {account.advice[0]}. {account.brings}"


def test_what_time_alone_will_do_is_told_with_its_day(joined):
    day = dt.date(2025, 5, 25)
    lines = told_after(joined, on=day)
    assert "The policy is in force: by itself on 2025-09-25, in 4 months" in after(lines, "Rent waiver")
    assert told_of(joined, "rent_waiver").startswith("For a yes: ")


def test_a_panel_and_a_missing_fact_are_named(joined):
    Project.objects.create(code="J-1", company=joined, title="Model", kind="leading")
    assert after(told_after(joined), "Leading-project award") == (
        "For a yes: Recognised as leading by the panel: the panel of experts has to say (Score of the project proposed"
        " as leading). It would bring between ¥1,000,000.00 and ¥3,000,000.00 once."
    )


def test_without_a_lease_the_limits_of_the_policy_say_what_it_would_bring(joined):
    joined.leases.update(voided_at=timezone.now(), void_reason="entered twice")
    assert after(told_after(joined), "Rent waiver").endswith(
        "It would bring relief from 100% of the rent for up to 300 m²."
    )


def test_where_nothing_would_help_it_says_so(joined):
    assert after(told_after(joined, on=dt.date(2028, 9, 25)), "Rent waiver") == (
        "Nothing that could change would make this a yes."
    )


def test_a_yes_says_what_ends_it_and_what_comes_after(joined):
    Company.objects.filter(pk=joined.pk).update(registration=None)
    told_after(joined)
    Company.objects.filter(pk=joined.pk).update(registration=period(dt.date(2025, 9, 25), None))
    lines = told_after(joined)
    assert "Rent waiver: eligible, ¥9,000.00 (now known: Registered in the zone on)." in lines
    assert after(lines, "Rent waiver") == (
        "From 2028-09-25 on (in 27 months) not met any more: The months of the waiver are not over. The company then"
        " pays ¥12,400.00 of rent a month instead of ¥3,100.00 (reckoned for 2028-10). No other point of the policy"
        " takes its place."
    )
    (account,) = [one for one in page_of(joined) if one.point == "rent_waiver"]
    assert after(lines, "Rent waiver") == " ".join([account.ends, *account.follows])


def page_of(company: Company) -> list[Account]:
    decisions = Decision.objects.in_force().filter(company=company).prefetch_related("version__parameters")
    return full_accounts(company, decisions, user=company.memberships.get().user, on=ON)


def told_of(company: Company, point: str) -> str:
    notice = Notice.objects.filter(message="entitlements_changed").latest("pk")
    (change,) = [change for change in notice.context["changes"] if change["point"] == point]
    return outlooks.read(point, change["outlook"]).in_short


def test_what_is_kept_is_read_as_it_was(joined):
    explanations = [explained(one) for one in Decision.objects.in_force().filter(company=joined)]
    for found, ahead in zip(explanations, prospects(joined, explanations, on=ON).values(), strict=True):
        parameters = policies.parameter_set(PolicyVersion.objects.get())
        outlook = outlooks.Outlook.of(found, ahead, parameters, ON)
        assert outlooks.read(found.point, json.loads(json.dumps(outlooks.kept(outlook)))) == outlook


def test_a_notice_survives_the_criterion_that_it_names(joined):
    Company.objects.filter(pk=joined.pk).update(registration=period(dt.date(2025, 10, 1), dt.date(2026, 5, 31)))
    told_after(joined)
    notice = Notice.objects.filter(message="entitlements_changed").latest("pk")
    change = notice.context["changes"][0]
    kept = json.loads(json.dumps(change["outlook"]).replace('"registered"', '"long_gone"'))
    assert "Registered" not in outlooks.read(change["point"], kept).in_short


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "要符合条件"), ("de", "Für ein Ja")])
def test_the_mail_says_it_in_the_language_of_the_reader(
    joined, language, words, monkeypatch, django_capture_on_commit_callbacks
):
    User.objects.filter(memberships__company=joined).update(language=language)
    Company.objects.filter(pk=joined.pk).update(registration=period(dt.date(2025, 10, 1), dt.date(2026, 5, 31)))
    monkeypatch.setattr(tasks.mail_notice, "delay", tasks.mail_notice)
    with django_capture_on_commit_callbacks(execute=True):
        told_after(joined)
    body = mail.outbox[-1].body
    assert words in body
    assert "¥" in body
    assert not any(english in body for english in ("For a yes", "It would bring", "bring it about", "<", "&"))


def test_what_was_told_is_not_reckoned_again(joined, monkeypatch):
    Company.objects.filter(pk=joined.pk).update(registration=None)
    told_after(joined)
    monkeypatch.setattr(outlooks, "prospects_of", None)
    notices.tell_of_decisions([event(joined), event_of_run()])
    assert len(texts()) == 1


def test_a_company_without_people_costs_no_evaluation(tenant, monkeypatch):
    assessments.assess_companies([tenant.pk], on=ON)
    Company.objects.filter(pk=tenant.pk).update(registration=None)
    monkeypatch.setattr(outlooks, "prospects_of", None)
    assessments.assess_companies([tenant.pk], on=ON)
    drain()
    assert not Notice.objects.exists()


def drain() -> None:
    outbox.drain("decision-notices")
    assert not OutboxDelivery.objects.filter(consumer="decision-notices").exclude(state="done").exists()


def test_from_a_change_of_the_register_to_the_notice(tenant: Company):
    MembershipFactory(company=tenant, role=MemberRole.VIEWER)
    assessments.assess_companies([tenant.pk], on=ON)
    drain()
    Company.objects.filter(pk=tenant.pk).update(registration=period(dt.date(2026, 5, 31), None))
    assessments.assess_companies([tenant.pk], on=ON)
    drain()
    Company.objects.filter(pk=tenant.pk).update(registration=None)
    assessments.assess_companies([tenant.pk], on=ON)
    drain()
    # Registered later, but before June: other facts, the same relief. Not known to be registered: news.
    assert [notice.message for notice in Notice.objects.order_by("pk")] == [
        "entitlements_ready", "entitlements_changed",
    ]  # fmt: skip
    assert "Rent waiver: unknown (missing: Registered in the zone on)." in texts()[0]


def test_from_a_run_to_the_notice(tenant: Company):
    let(CompanyFactory())
    MembershipFactory(company=tenant)
    runs.execute(assessments.request_assessment(on=ON))
    drain()
    assert [(notice.message, notice.url) for notice in Notice.objects.all()] == [
        ("entitlements_ready", "/workspace/T-001/entitlements/")
    ]
