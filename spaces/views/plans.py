"""The plan of a floor, drawn from what is on record, on any day."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required
from core.markup import plain_name
from core.periods import Day, today
from spaces.drawing import drawing_of
from spaces.forms.places import PlanForm
from spaces.models import Building
from spaces.permissions import can_keep_spaces
from spaces.plans import Held, UnitState, floors_of, units_on
from spaces.tables import PlanTable


@sign_in_required
@require_GET
def plan(request: SignedInRequest, pk: int) -> HttpResponse:
    """One floor of a building: `?floor=` says which, `?on=` on which day."""
    day = today()
    seen = Building.objects.visible_to(request.user, day).select_related("campus")
    building = get_object_or_404(seen, pk=pk)
    floors = floors_of(building)
    floor = request.GET.get("floor", floors[0] if floors else "")
    if floors and floor not in floors:
        raise Http404
    form = PlanForm(request.GET, today=day)
    rows = units_on(building, floor, form.day, request.user)
    may_keep = can_keep_spaces(request.user)
    context = {
        "building": building,
        "floor": floor,
        "floors": floors,
        "form": form,
        "day": form.day,
        "drawing": drawing_of([(held, held.unit, words_of(held)) for held in rows]),
        "states": UnitState,
        "table": PlanTable(rows, is_staff=request.user.is_staff_member, exclude=() if may_keep else ("change",)),
        "may_keep": may_keep,
        "is_staff": request.user.is_staff_member,
    }
    return render(request, "spaces/plan.html", context)


def words_of(held: Held) -> list[str]:
    """What the box of a unit says: its code, who has it, its state and the day that goes with it, its area."""
    name = plain_name(held.lease.company) if held.lease else ""
    if held.state == UnitState.SHARED:
        words = {"taken": held.desks_taken, "all": held.unit.desks}
        return [held.unit.code, _("%(taken)s of %(all)s desks taken") % words, f"{held.unit.area_m2} m²"]
    state = " ".join(filter(None, (str(held.state.label), _day(held.day) if held.state != UnitState.LET else "")))
    return [held.unit.code, *([name] if name else []), state, f"{held.unit.area_m2} m²"]


def _day(day: Day | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""
