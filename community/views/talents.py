"""Pages of high-level talents."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from community import permissions, services
from community.filters.talents import TalentFilter
from community.forms.talents import TalentForm
from community.models import Talent
from community.tables.talents import TalentTable
from companies.models import Company
from companies.records.parts import Facts, Words
from companies.records.views import RecordPages
from core.markup import NOTHING
from core.templatetags import ui


class TalentPages(RecordPages):
    name = "talent"
    plural = "talents"
    namespace = "community"
    model = Talent
    key = "code"
    columns = {"talent": "code"}
    words = Words(
        one=gettext_lazy("Talent"),
        many=gettext_lazy("Talents"),
        enter=gettext_lazy("Enter a talent"),
        change=gettext_lazy("Correct talent"),
        void=gettext_lazy("Declare this talent void?"),
        none=gettext_lazy("No talent is on record."),
        why=gettext_lazy("The talent award rests on recognised talents and the days on which they are employed."),
    )
    form = TalentForm
    table = TalentTable
    filters = TalentFilter

    def enter(self, values: dict[str, Any], company: Any, by: User) -> Talent:
        return services.enter_talent(company=company, **values, by=by)

    def change(self, record: Talent, values: dict[str, Any], by: User) -> Talent:
        return services.change_talent(talent=record, **values, by=by)

    def void(self, record: Talent, reason: str, by: User) -> Talent:
        return services.void_talent(talent=record, reason=reason, by=by)

    def may_enter(self, user: User, company: Company | None) -> bool:
        return permissions.can_enter_talent(user, company)

    def may_change(self, user: User, record: Talent) -> bool:
        return permissions.can_change_talent(user, record)

    def facts(self, talent: Talent) -> Facts:
        return (
            (_("Name"), talent.name),
            (_("Class"), talent.get_grade_display() or NOTHING),
            (_("Employed"), ui.period(talent.employment)),
        )


PAGES = TalentPages()
