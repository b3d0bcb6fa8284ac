"""Acts on loans, repayments and projects: what is refused, with which words, and who may."""

import datetime as dt
from decimal import Decimal

import pytest

from core.errors import Conflict, Incomplete, NotAllowed
from core.models import OutboxEvent
from funding.models import Loan, Project, Repayment
from funding.services import loans, projects, repayments
from tests.factories import LoanFactory, ProjectFactory, RepaymentFactory, UserFactory

DRAWN = dt.date(2026, 1, 5)
TERMS = {
    "bank": "Bank of Hangzhou",
    "principal": Decimal("2000000.00"),
    "annual_rate_percent": Decimal("3.4500"),
    "drawn_on": DRAWN,
    "due_on": dt.date(2029, 1, 5),
}


def enter(company, by, **other) -> Loan:
    return loans.enter_loan(**{"number": "LN-1", "company": company, "by": by, **TERMS, **other})


def told() -> list[tuple[str, str, dict[str, str]]]:
    return list(OutboxEvent.objects.order_by("pk").values_list("topic", "key", "payload"))


def test_a_loan_is_told_in_the_outbox(company, alice):
    enter(company, alice)
    assert told() == [("loan.changed", "LN-1", {"company": "A-001"})]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"principal": Decimal(0)}, "principal"),
        ({"principal": Decimal("1.005")}, "principal"),
        ({"principal": Decimal("10000000000.01")}, "principal"),
        ({"annual_rate_percent": Decimal("100.0001")}, "annual_rate_percent"),
        ({"annual_rate_percent": Decimal("-0.0001")}, "annual_rate_percent"),
        ({"due_on": DRAWN}, None),
        ({"bank": " "}, "bank"),
        ({"bank": "Bank \u202egnal"}, "bank"),
        ({"number": ""}, "number"),
    ],
)
def test_a_malformed_loan_is_refused(company, alice, terms, field):
    with pytest.raises(Incomplete) as refused:
        enter(company, alice, **terms)
    assert field is None or field in refused.value.fields
    assert not Loan.objects.exists()


def test_a_loan_has_a_number_of_its_own(company, other_company, officer):
    enter(company, officer)
    with pytest.raises(Conflict, match="There is a loan with this number already"):
        enter(other_company, officer)


def test_a_loan_is_corrected(company, bob):
    changed = loans.change_loan(loan=enter(company, bob), by=bob, **{**TERMS, "due_on": None})
    assert Loan.objects.get() == changed
    assert changed.due_on is None


def test_a_loan_keeps_covering_what_was_paid_back(company, alice):
    loan = enter(company, alice)
    repayments.record_repayment(loan=loan, paid_on=dt.date(2026, 2, 1), principal=Decimal("500000.00"), by=alice)
    with pytest.raises(Conflict) as less:
        loans.change_loan(loan=loan, by=alice, **{**TERMS, "principal": Decimal("499999.99")})
    with pytest.raises(Conflict) as later:
        loans.change_loan(loan=loan, by=alice, **{**TERMS, "drawn_on": dt.date(2026, 2, 2)})
    assert (less.value.code, later.value.code) == ("below_repayments", "after_repayments")
    loans.change_loan(
        loan=loan, by=alice, **{**TERMS, "principal": Decimal("500000.00"), "drawn_on": dt.date(2026, 2, 1)}
    )


def test_a_repayment_takes_up_to_what_is_left(company, alice):
    loan = enter(company, alice)
    repayments.record_repayment(loan=loan, paid_on=DRAWN, principal=Decimal("1500000.00"), by=alice)
    with pytest.raises(Conflict, match=r"Only ¥500,000.00 of loan LN-1 are left to pay back"):
        repayments.record_repayment(loan=loan, paid_on=dt.date(2026, 3, 1), principal=Decimal("500000.01"), by=alice)
    repayments.record_repayment(loan=loan, paid_on=dt.date(2026, 3, 1), principal=Decimal("500000.00"), by=alice)
    assert loan.repaid == loan.principal


def test_nothing_is_paid_back_before_the_loan_was_drawn(company, alice):
    with pytest.raises(Conflict, match="was drawn on 2026-01-05"):
        repayments.record_repayment(
            loan=enter(company, alice), paid_on=dt.date(2026, 1, 4), principal=Decimal(1), by=alice
        )


def test_two_payments_of_a_day_are_one_record(company, alice):
    one = RepaymentFactory(loan=enter(company, alice))
    with pytest.raises(Conflict, match="A repayment of this day is on record already"):
        repayments.record_repayment(loan=one.loan, paid_on=one.paid_on, principal=Decimal(1), by=alice)
    repayments.change_repayment(repayment=one, paid_on=one.paid_on, principal=Decimal(100_001), by=alice)
    assert Repayment.objects.get().principal == Decimal("100001.00")


def test_a_repayment_entered_in_error_no_longer_counts_and_its_day_is_free(company, alice):
    one = RepaymentFactory(loan=enter(company, alice), principal=TERMS["principal"])
    repayments.void_repayment(repayment=one, reason="of another loan", by=alice)
    repayments.record_repayment(loan=one.loan, paid_on=one.paid_on, principal=TERMS["principal"], by=alice)
    assert list(Repayment.objects.order_by("pk").values_list("void_reason", flat=True)) == ["of another loan", ""]


def test_a_void_loan_stays_on_record_and_takes_no_more_changes(company, alice):
    loan = enter(company, alice)
    with pytest.raises(Incomplete, match="Say why"):
        loans.void_loan(loan=loan, reason=" ", by=alice)
    loans.void_loan(loan=loan, reason="entered twice", by=alice)
    for act in (
        lambda: loans.change_loan(loan=loan, by=alice, **TERMS),
        lambda: loans.void_loan(loan=loan, reason="again", by=alice),
        lambda: repayments.record_repayment(loan=loan, paid_on=DRAWN, principal=Decimal(1), by=alice),
    ):
        with pytest.raises(Conflict, match="LN-1 was declared void: entered twice"):
            act()
    assert Loan.objects.get().void_reason == "entered twice"


@pytest.mark.parametrize(
    "who", ["carol", "mallory", "approver", "treasurer", "reviewer", "policy_editor", "auditor", "nobody"]
)
def test_who_does_not_write_for_the_company_enters_and_changes_nothing(company, request, who):
    by = UserFactory() if who == "nobody" else request.getfixturevalue(who)
    repayment, project = RepaymentFactory(loan=LoanFactory(company=company)), ProjectFactory(company=company)
    said = {"title": "A", "kind": "angel", "field": "", "amount_requested": None}
    for act in (
        lambda: enter(company, by),
        lambda: loans.change_loan(loan=repayment.loan, by=by, **TERMS),
        lambda: loans.void_loan(loan=repayment.loan, reason="a", by=by),
        lambda: repayments.record_repayment(loan=repayment.loan, paid_on=DRAWN, principal=Decimal(1), by=by),
        lambda: repayments.change_repayment(repayment=repayment, paid_on=DRAWN, principal=Decimal(1), by=by),
        lambda: repayments.void_repayment(repayment=repayment, reason="a", by=by),
        lambda: projects.enter_project(code="P1", company=company, title="A", kind="angel", by=by),
        lambda: projects.change_project(project=project, by=by, **said),
        lambda: projects.void_project(project=project, reason="a", by=by),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize("who", ["alice", "bob", "officer"])
def test_owners_editors_and_officers_put_projects_forward(company, request, who):
    by = request.getfixturevalue(who)
    project = projects.enter_project(
        code="P1", company=company, title="Voices", kind="angel", field="ai", amount_requested=Decimal(800_000), by=by
    )
    assert Project.objects.get() == project
    assert told() == [("project.changed", "P1", {"company": "A-001"})]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "other"}, "kind"),
        ({"field": "sport"}, "field"),
        ({"title": ""}, "title"),
        ({"amount_requested": Decimal(0)}, "amount_requested"),
        ({"code": " \t"}, "code"),
    ],
)
def test_a_malformed_project_is_refused(company, alice, said, field):
    with pytest.raises(Incomplete) as refused:
        projects.enter_project(**{"code": "P1", "company": company, "title": "A", "kind": "angel", "by": alice, **said})
    assert field in refused.value.fields


@pytest.mark.parametrize("score", ["0.00", "79.99", "80.00", "100.00"])
def test_a_reviewer_scores_a_project(company, reviewer, score):
    project = ProjectFactory(company=company)
    projects.score_project(project=project, score=Decimal(score), scored_on=DRAWN, by=reviewer)
    assert Project.objects.get().score == Decimal(score)


@pytest.mark.parametrize(
    ("score", "day"),
    [
        (Decimal("100.01"), DRAWN),
        (Decimal("-0.01"), DRAWN),
        (Decimal("80.005"), DRAWN),
        (Decimal(80), None),
        (None, DRAWN),
    ],
)
def test_a_score_is_a_number_of_points_and_has_a_day(company, reviewer, score, day):
    with pytest.raises(Incomplete):
        projects.score_project(project=ProjectFactory(company=company), score=score, scored_on=day, by=reviewer)


@pytest.mark.parametrize(
    "who", ["alice", "bob", "carol", "mallory", "officer", "approver", "treasurer", "policy_editor", "auditor"]
)
def test_only_reviewers_score(company, request, who):
    project = ProjectFactory(company=company)
    with pytest.raises(NotAllowed, match="Reviewers enter the score"):
        projects.score_project(project=project, score=Decimal(90), scored_on=DRAWN, by=request.getfixturevalue(who))


def test_a_reviewer_does_not_score_for_a_company_of_his_own(company, reviewer):
    project = ProjectFactory(company=company)
    company.memberships.create(user=reviewer, role="viewer")
    with pytest.raises(NotAllowed):
        projects.score_project(project=project, score=Decimal(90), scored_on=DRAWN, by=reviewer)


def test_a_scored_project_is_changed_by_officers_only(company, alice, officer):
    project = ProjectFactory(code="P1", company=company, scored=True)
    said = {"title": "Other", "kind": "angel", "field": "", "amount_requested": None}
    with pytest.raises(NotAllowed, match="Project P1 was scored on 2026-04-01: ask the zone to change it"):
        projects.change_project(project=project, by=alice, **said)
    with pytest.raises(NotAllowed):
        projects.void_project(project=project, reason="a", by=alice)
    assert projects.change_project(project=project, by=officer, **said).score == Decimal("85.00")
