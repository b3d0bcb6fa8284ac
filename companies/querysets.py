"""How the register and the applications are read: who may see what is decided here, once, for pages and API."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.search import SearchQuery
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Lower

from companies.choices import DutyState
from core import text

if TYPE_CHECKING:
    from typing import TypeAlias

    from accounts.models import User
    from companies.models import Company

    Viewer: TypeAlias = User | AnonymousUser


def _archived(on: dt.date) -> Q:
    """Merged, or gone: a registration or an operation that is over, and neither that is not. An unknown end is none."""
    registered, operating = Q(registration__endswith__lte=on), Q(operation__endswith__lte=on)
    gone = (registered & (operating | Q(operation=None))) | (operating & Q(registration=None))
    return Q(merged_into__isnull=False) | gone


class CompanyQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "CompanyQuerySet":
        """Staff see all companies, founders those they are a member of, everybody else none."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        return self.filter(pk__in=user.memberships.values("company"))

    def by_code(self, code: str) -> Any:
        """The company with this code, or the one into which it was merged; None for a code that nobody has."""
        found = self.select_related("merged_into").filter(code=code).first()
        return found.standing if found else None

    def unmerged(self) -> "CompanyQuerySet":
        """Those that were not merged into another: what anything new is entered for."""
        return self.filter(merged_into=None)

    def archived(self, on: dt.date) -> "CompanyQuerySet":
        """Companies that have left by the day, or were merged into others."""
        return self.filter(_archived(on))

    def current(self, on: dt.date) -> "CompanyQuerySet":
        """All others: who is in the zone, is to come, or of whom nobody knows that he left."""
        return self.exclude(pk__in=self.model.objects.filter(_archived(on)).values("pk"))

    def search_for(self, words: str) -> "CompanyQuerySet":
        """Companies whose names, code or credit code contain all the words, in either script."""
        query = text.search_query(words)
        return self.filter(search=SearchQuery(query, search_type="raw", config="simple")) if query else self


def companies_of(user: "User") -> Any:
    """The ids of the companies that a person is a member of, and of those that were merged into them: what stayed under
    the codes of these is a part of their history."""
    own = user.memberships.order_by().values("company")
    merged = apps.get_model("companies", "Company").objects.order_by().filter(merged_into__in=own)
    return own.union(merged.values("pk"))


class OfCompanies(models.QuerySet[Any]):
    """Rows that belong to a company, which `company_path` leads to."""

    company_path = "company"

    def visible_to(self, user: "Viewer") -> Self:
        """Staff see all rows, founders those of the companies they are a member of, everybody else none."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        return self.filter(**{f"{self.company_path}__in": companies_of(user)})

    def with_history_of(self, company: "Company") -> Self:
        """The rows of a company, and what stayed under the codes of those that were merged into it."""
        path = self.company_path
        return self.filter(Q(**{path: company}) | Q(**{f"{path}__merged_into": company}))


class RecordsOfCompanies(OfCompanies):
    """Records that a company or the zone entered, and that may have been declared void (`core.records`)."""

    def valid(self) -> Self:
        """Records that were not declared void."""
        return self.filter(voided_at=None)


class ExitInterviewQuerySet(RecordsOfCompanies):
    """What somebody said on leaving is between him and the zone: his colleagues read nothing of it."""

    def visible_to(self, user: "Viewer") -> "ExitInterviewQuerySet":
        """Staff see all interviews, nobody else any."""
        return self if user.is_authenticated and user.is_staff_member else self.none()


class OfficialCheckQuerySet(RecordsOfCompanies):
    def visible_to(self, user: "Viewer") -> "OfficialCheckQuerySet":
        """How the register is kept is the staff's."""
        return self if user.is_authenticated and user.is_staff_member else self.none()


class ReportQuerySet(RecordsOfCompanies):
    def verified(self) -> "ReportQuerySet":
        """Reports that decisions may rest on."""
        return self.valid().filter(verified_at__isnull=False)


class EvidenceQuerySet(RecordsOfCompanies):
    """Files of reports: who sees the report sees them."""

    company_path = "report__company"

    def listed(self) -> "EvidenceQuerySet":
        """Without the contents, which may be large."""
        return self.defer("content")


class QuestionQuerySet(models.QuerySet[Any]):
    def asked(self) -> "QuestionQuerySet":
        """Those that a report is asked today, in their order."""
        return self.filter(retired_at=None)

    def worded(self) -> "QuestionQuerySet":
        """With their wordings, the newest first."""
        return self.prefetch_related("wordings")


class AnswerQuerySet(OfCompanies):
    """Answers in reports, in the order of their questions."""

    company_path = "report__company"

    def told(self) -> "AnswerQuerySet":
        """With what they answer."""
        return self.select_related("question", "wording")


class DutyQuerySet(OfCompanies):
    """Reports that companies owe. Whether one is there is read off the reports: those of merged companies are with the
    surviving ones, and so is what is owed."""

    def with_state(self, on: dt.date) -> "DutyQuerySet":
        """With `state` as of the day (`DutyState`), the id of the report that answers it (`report_id`) and of the
        excuse (`excuse_id`), each None where there is none."""
        answers, excuses = _answers(), _excuses()
        states = [When(condition, then=Value(state)) for state, condition in _states(on).items()]
        return self.annotate(
            state=Case(*states, default=Value(DutyState.DUE), output_field=models.CharField()),
            report_id=Subquery(answers.values("pk")[:1]),
            excuse_id=Subquery(excuses.values("pk")[:1]),
        )

    def of_state(self, state: str, on: dt.date) -> "DutyQuerySet":
        """Those in one state on the day."""
        found = self
        for other, condition in _states(on).items():
            if other == state:
                return found.filter(condition)
            found = found.exclude(condition)
        return found

    def open(self) -> "DutyQuerySet":
        """Those for which no report is there, and nobody is excused."""
        return self.filter(~Exists(_answers()), ~Exists(_excuses()))


def _answers() -> Any:
    """The valid report of the period. A report of the year answers for its last quarter, and none the other way."""
    reports = apps.get_model("companies", "Report").objects.valid()
    return reports.filter(
        company=OuterRef("company"), period_end=OuterRef("period_end"), months__gte=OuterRef("months")
    )


def _excuses() -> Any:
    excuses = apps.get_model("companies", "ReportExcuse").objects.valid()
    return excuses.filter(company=OuterRef("company"), period_end=OuterRef("period_end"))


def _states(on: dt.date) -> dict[str, Any]:
    """The first of these that holds is the state; it is due otherwise."""
    return {
        DutyState.VERIFIED: Exists(_answers().filter(verified_at__isnull=False)),
        DutyState.SENT: Exists(_answers()),
        DutyState.EXCUSED: Exists(_excuses()),
        DutyState.LATE: Q(due_on__lt=on),
    }


class MergeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "MergeQuerySet":
        """The staff sees how the register is kept; founders see their own company alone."""
        return self if user.is_authenticated and user.is_staff_member else self.none()

    def waiting(self) -> "MergeQuerySet":
        """Those that wait for a second person."""
        return self.filter(state="proposed")


class DistinctionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "DistinctionQuerySet":
        """How the register is kept is the staff's."""
        return self if user.is_authenticated and user.is_staff_member else self.none()


class LikenessQuerySet(models.QuerySet[Any]):
    def to_be_judged(self) -> "LikenessQuerySet":
        """Pairs of which nobody said what they are: not merged, and not said to be two companies. The most alike first,
        in the order of an index."""
        told = apps.get_model("companies", "Distinction").objects.filter(one=OuterRef("one"), other=OuterRef("other"))
        found = self.filter(~Exists(told), one__merged_into=None, other__merged_into=None)
        return found.order_by("-score", "one_id", "other_id")


class ApplicationQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "ApplicationQuerySet":
        """The applicant's people see theirs in every state; staff see them once they were sent."""
        if not user.is_authenticated:
            return self.none()
        own = Q(pk__in=user.application_parts.values("application"))
        return self.filter(own | Q(submitted_at__isnull=False) if user.is_staff_member else own)


class InvitationQuerySet(models.QuerySet[Any]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(accepted_at=None, revoked_at=None)

    def for_user(self, user: "Viewer") -> "InvitationQuerySet":
        """Open invitations to an address that this person has proved to own."""
        if not user.is_authenticated:
            return self.none()
        verified = EmailAddress.objects.filter(user=user, verified=True).annotate(folded=Lower("email"))
        return self.open().annotate(folded=Lower("email")).filter(folded__in=verified.values("folded"))
