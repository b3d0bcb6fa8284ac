"""Projects put forward as leading and for the angel fund, scored on both sides of the thresholds, some not yet."""

from collections.abc import Sequence

from zone_portal.demo.calendar import Present
from zone_portal.demo.companies import Company
from zone_portal.demo.records.table import Row, Table, chosen, day_since, yuan

LEADING, ANGEL = 16, 34
# In the order of the projects; leading ones count from 80 and from 90, angel ones from 75.
LEADING_SCORES = ("79.99", "80.00", "86.50", "89.99", "90.00", "94.25", "71.00", "")
ANGEL_SCORES = ("74.99", "75.00", "81.40", "68.30", "88.00", "77.75", "92.10", "")
REQUESTED = (300, 500, 600, 800, 1000, 1000, 1200, 1500)  # thousands of yuan; at most 1,000 are invested
SUBJECTS = (
    "A voice that reads ten dialects",
    "Characters that remember their stories",
    "Scores for films, composed while they are cut",
    "A model that mends old animation",
    "Agents for small museums",
    "Motion capture without suits",
    "Subtitles in forty languages",
    "A small model for one craft",
    "Restoring opera recordings",
    "Scenes from a single sketch",
)
FIELDS = ("ai", "ai", "culture", "ai", "culture", "other", "ai")


def projects(register: Sequence[Company], now: Present) -> Table:
    """By code in the order in which they were put forward."""
    owners = chosen(register, now, LEADING + ANGEL)
    now.random.shuffle(owners)
    rows = tuple(_row(number, company, now) for number, company in enumerate(owners))
    columns = ("project", "company", "title", "field", "kind", "score", "scored_on", "amount_requested")
    return Table(columns, rows)


def _row(number: int, company: Company, now: Present) -> Row:
    leading = number < LEADING
    scores = LEADING_SCORES if leading else ANGEL_SCORES
    score = scores[number % len(scores)]
    day = day_since(company, now, days=30) if score else None
    title = SUBJECTS[number % len(SUBJECTS)]
    requested = "" if leading else yuan(now.random.choice(REQUESTED) * 100_000)
    code, field = f"PR-{number + 1:03d}", FIELDS[number % len(FIELDS)]
    return (
        code, company.code, title, field, "leading" if leading else "angel", score, day, requested,
    )  # fmt: skip
