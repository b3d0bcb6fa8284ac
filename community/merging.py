"""How the talents of a company and the support that it received are merged."""

from django.utils.translation import gettext_lazy

from community.models import ChecklistTick, CohortMember
from companies.merging.rules import Rule, Treatment
from companies.models import Company

MOVES, ONCE, STAYS = Treatment.MOVES, Treatment.ONCE, Treatment.STAYS


def _ticked_by_both(merged: Company, survivor: Company) -> None:
    known = ChecklistTick.objects.filter(company=survivor).values("entry")
    ChecklistTick.objects.filter(company=merged, entry__in=known).delete()


def _in_the_same_cohort(merged: Company, survivor: Company) -> None:
    known = CohortMember.objects.filter(company=survivor).values("cohort")
    CohortMember.objects.filter(company=merged, cohort__in=known).delete()


RULES = (
    Rule("community.Talent", "company", MOVES, gettext_lazy("Talents")),
    Rule("community.Delivery", "company", MOVES, gettext_lazy("Support given")),
    Rule("community.ChecklistTick", "company", ONCE, gettext_lazy("What is done of checklists"), once=_ticked_by_both),
    Rule("community.CohortMember", "company", ONCE, gettext_lazy("Places in cohorts"), once=_in_the_same_cohort),
    Rule("community.Contact", "company", STAYS, gettext_lazy("Contacts")),
)
