"""How the register's own relations are merged: people, reports, relations, invitations, and what is history."""

from collections.abc import Iterator
from typing import Any

from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.choices import MemberRole
from companies.merging.rules import Rule, TextRule, Treatment, named
from companies.models import Company, Membership, Relation, Report, ReportDuty, ReportExcuse

BY_RIGHTS = (MemberRole.OWNER, MemberRole.EDITOR, MemberRole.VIEWER)


def _one_part_each(merged: Company, survivor: Company) -> None:
    """Whoever works in both keeps one part, with the greater of his rights."""
    own = {one.user_id: one for one in Membership.objects.filter(company=survivor)}
    for part in Membership.objects.filter(company=merged, user__in=own):
        kept = own[part.user_id]
        if BY_RIGHTS.index(MemberRole(part.role)) < BY_RIGHTS.index(MemberRole(kept.role)):
            kept.role = part.role
            kept.save(update_fields=["role"])
        part.delete()


def _one_relation_each(field: str, opposite: str) -> Any:
    """Relations of the two to each other end, and so does one to a third company that the survivor has already."""

    def once(merged: Company, survivor: Company) -> None:
        Relation.objects.filter(company__in=[merged, survivor], other__in=[merged, survivor]).delete()
        known = Relation.objects.filter(**{field: survivor}).values(opposite)
        Relation.objects.filter(**{field: merged, f"{opposite}__in": known}).delete()

    return once


def _one_invitation_each(merged: Company, survivor: Company) -> None:
    """Of two open invitations of one address that of the survivor stands."""
    asked = survivor.invitations.open().values_list(Lower("email"), flat=True)
    again = merged.invitations.open().annotate(folded=Lower("email")).filter(folded__in=asked)
    again.update(revoked_at=timezone.now())


def _one_duty_each(merged: Company, survivor: Company) -> None:
    """What both owe is owed once."""
    own = ReportDuty.objects.filter(company=survivor).values("period_end")
    ReportDuty.objects.filter(company=merged, period_end__in=own).delete()


def _one_excuse_each(merged: Company, survivor: Company) -> None:
    """Of two excuses from one report that of the survivor stands."""
    own = ReportExcuse.objects.valid().filter(company=survivor).values("period_end")
    again = ReportExcuse.objects.valid().filter(company=merged, period_end__in=own)
    again.update(voided_at=timezone.now(), void_reason=_("Merged with a company that was excused itself."))


def _reports_of_one_day(merged: Company, survivor: Company) -> Iterator[str]:
    own = Report.objects.valid().filter(company=merged)
    both = own.filter(period_end__in=Report.objects.valid().filter(company=survivor).values("period_end"))
    days = sorted(both.values_list("period_end", flat=True))
    if days:
        yield _("Both companies have a report up to %(days)s: declare one of the two void first.") % {
            "days": named(days)
        }


def _two_credit_codes(merged: Company, survivor: Company) -> Iterator[str]:
    if merged.uscc and survivor.uscc:
        yield _(
            "They have different credit codes (%(merged)s and %(survivor)s), so they are two companies by law: correct"
            " the wrong code first."
        ) % {"merged": merged.uscc, "survivor": survivor.uscc}


def _open_invitations(rows: Any) -> Any:
    return rows.filter(accepted_at=None, revoked_at=None)


MOVES, ONCE, STAYS = Treatment.MOVES, Treatment.ONCE, Treatment.STAYS

RULES: tuple[Rule | TextRule, ...] = (
    Rule(
        "companies.Company", "merged_into", MOVES, gettext_lazy("Companies merged before"), conflicts=_two_credit_codes
    ),
    Rule("companies.ExitInterview", "company", STAYS, gettext_lazy("Exit interviews")),
    Rule("companies.OfficialCheck", "company", STAYS, gettext_lazy("Checks of official data")),
    Rule("companies.Membership", "company", ONCE, gettext_lazy("People"), once=_one_part_each),
    Rule(
        "companies.Relation", "company", ONCE, gettext_lazy("Relations to others"),
        once=_one_relation_each("company", "other"),
    ),
    Rule(
        "companies.Relation", "other", ONCE, gettext_lazy("Relations of others to it"),
        once=_one_relation_each("other", "company"),
    ),
    Rule("companies.Report", "company", MOVES, gettext_lazy("Reports"), conflicts=_reports_of_one_day),
    Rule("companies.ReportDuty", "company", ONCE, gettext_lazy("Reports that are owed"), once=_one_duty_each),
    Rule("companies.ReportExcuse", "company", ONCE, gettext_lazy("Excuses from reporting"), once=_one_excuse_each),
    Rule(
        "companies.Invitation", "company", ONCE, gettext_lazy("Invitations"), chosen=_open_invitations,
        once=_one_invitation_each,
    ),
    Rule("companies.Application", "company", STAYS, gettext_lazy("The application by which it came")),
    Rule("companies.StageChange", "company", STAYS, gettext_lazy("History of stages")),
    Rule("companies.Merge", "merged", STAYS, gettext_lazy("Merges of it")),
    Rule("companies.Merge", "survivor", STAYS, gettext_lazy("Merges into it")),
    Rule("companies.Distinction", "one", STAYS, gettext_lazy("Said not to be the same")),
    Rule("companies.Distinction", "other", STAYS, gettext_lazy("Said not to be the same")),
    Rule("companies.Likeness", "one", STAYS, gettext_lazy("Possible doubles")),
    Rule("companies.Likeness", "other", STAYS, gettext_lazy("Possible doubles")),
    TextRule("companies.Company", "code", "both keep their codes: that of the merged company leads to the survivor"),
    TextRule("core.OutboxEvent", "key", "what happened is told as it was; who reads a code follows it to the survivor"),
    TextRule("core.OutboxEvent", "payload", "as its key"),
    TextRule("core.Run", "arguments", "what was asked for then; a run of one company finds it by the code"),
)  # fmt: skip
