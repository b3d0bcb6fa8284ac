"""In which stage a company was on a day."""

from companies.models import Company
from core.periods import Day


def stage_on(company: Company, day: Day) -> str:
    """The last change up to the day; before the first one, the stage that was entered first; "" where none is known."""
    changes = list(company.stage_changes.order_by("since", "pk").values_list("since", "stage"))
    if not changes:
        return str(company.stage)
    known = [stage for since, stage in changes if since <= day]
    return str(known[-1] if known else changes[0][1])
