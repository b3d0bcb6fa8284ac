"""Ask a company for rent that is overdue: a reminder, a second one, a notice of default. The portal proposes a step
when its time has come; a person takes it, each once. What is asked for is told by `rent_notices`.
"""

import datetime as dt

from django.db.transaction import atomic
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.errors import Conflict, NotAllowed
from core.records import save
from subsidies import permissions
from subsidies.arrears import next_level, owed_statements
from subsidies.choices import ReminderLevel
from subsidies.models import RentReminder, RentStatement
from subsidies.statement_numbers import written

REMINDED = "rent.reminded"


@atomic
def send_reminder(*, statement: RentStatement, level: int, on: dt.date, by: User) -> RentReminder:
    """Take the step that is proposed on the day `on`. NotAllowed for anybody but the treasurer, and for his own
    company; Conflict where the statement is paid, or where another step is proposed by now, or none."""
    held = RentStatement.objects.select_for_update(of=("self",), no_key=True).select_related("company")
    company = held.get(pk=statement.pk).company
    if not permissions.can_keep_payments(by, company):
        raise NotAllowed(_("The treasurer asks for rent, and not his own company."))
    found = owed_statements(RentStatement.objects.filter(pk=statement.pk)).first()
    words = {"number": written(statement.number)}
    if found is None:
        raise Conflict(_("Statement %(number)s is paid: nothing is asked for.") % words, code="statement_paid")
    if next_level(found, on) != level:
        message = _("This step is not the next one of statement %(number)s, or its time has not come.") % words
        raise Conflict(message, code="not_proposed")
    made = save(RentReminder(statement=found, level=ReminderLevel(level), amount=found.open_amount, sent_on=on, by=by))
    outbox.record(REMINDED, str(statement.public_id), {"level": int(level)})
    return made
