"""How talents are read: who may see what, and who is employed on a day."""

import datetime as dt

from companies.querysets import RecordsOfCompanies


class TalentQuerySet(RecordsOfCompanies):
    def employed_on(self, day: dt.date) -> "TalentQuerySet":
        """Talents whose employment is known to hold the day."""
        return self.valid().filter(employment__contains=day, employment__startswith__isnull=False)
