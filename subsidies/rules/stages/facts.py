"""The facts that stages rest on: some of the register, the rest from verified reports and financing rounds."""

from subsidies.rules.facts import BOOL, FACTS, FOUNDER, INTEGER, MOST_COUNT, MOST_FEN, Fact
from subsidies.rules.text import gettext_noop as _

MOST_GROWTH = 100_000_00  # hundredths of a percent a year: from nothing to something is as much


def _money(name: str, label: str, app: str, unit: str = "CNY") -> Fact:
    return Fact(name, INTEGER, label, FOUNDER, app, held=True, most=MOST_FEN, unit=unit)


OF_REGISTER = tuple(FACTS[name] for name in ("kind", "founded_on", "listed", "bad_credit"))
OF_REPORTS = (
    Fact("product_in_use", BOOL, _("A product is in use, by a verified report"), FOUNDER, "companies", held=True),
    _money("recent_revenue", _("Revenue of the last months, by verified reports"), "companies"),
    _money("yearly_revenue", _("Revenue of the last twelve months, by verified reports"), "companies"),
    Fact(
        "revenue_growth", INTEGER, _("Growth of the revenue a year, by verified reports"), FOUNDER, "companies",
        held=True, unit="%",
    ),
)  # fmt: skip
OF_ROUNDS = (
    Fact("funding_rounds", INTEGER, _("Financing rounds"), FOUNDER, "funding", held=True, most=MOST_COUNT),
    _money("outside_investment", _("Outside investment"), "funding"),
    _money("known_investment", _("Outside investment as far as it is known"), "funding"),
    _money("venture_capital", _("Venture capital of the last years"), "funding"),
    _money("known_venture_capital", _("Venture capital of the last years as far as it is known"), "funding"),
    _money("valuation_usd", _("Valuation in US dollars"), "funding", "USD"),
)

STAGE_FACTS: dict[str, Fact] = {fact.name: fact for group in (OF_REGISTER, OF_REPORTS, OF_ROUNDS) for fact in group}
