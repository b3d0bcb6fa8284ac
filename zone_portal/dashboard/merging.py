"""How what the dashboard keeps about a company is merged."""

from django.utils.translation import gettext_lazy

from companies.merging.rules import Rule, TextRule, Treatment

RULES: tuple[Rule | TextRule, ...] = (
    # The signals of the two are looked at anew by the next night; what was found about either stays where it was found.
    Rule("dashboard.LeavingTask", "company", Treatment.STAYS, gettext_lazy("Task about signals of leaving")),
)
