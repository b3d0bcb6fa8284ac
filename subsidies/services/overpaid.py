"""What an interest statement asks back: issued below 0, it opens a recovery of just that.

Every statement stands for itself. One above 0 is paid out, one below 0 is paid back, and neither is set off against
another: so what was paid out less what was asked back is always what the statements that were issued add up to.
"""

import datetime as dt

from accounts.models import User
from core import outbox
from subsidies.bulk import overpaid
from subsidies.models import Recovery


def open_recoveries(*, month: dt.date, by: User) -> int:
    """Of the interest statements of a month that is being issued, ask back what they are below 0; returns how many.
    Safe to run again: a statement has one recovery."""
    count = overpaid.open_recoveries(month, by.pk)
    if count:
        outbox.record("recovery.opened", f"{month:%Y-%m}", {"recoveries": count})
    return count


def tell(recovery: Recovery) -> None:
    """A recovery of interest was confirmed or settled."""
    payload = {"company": recovery.company.code, "state": str(recovery.state), "amount": str(recovery.amount)}
    outbox.record("recovery.changed", str(recovery.public_id), payload)
