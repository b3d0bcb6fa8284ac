"""A grant and its supplements together: what they give, and what is due for their items in all."""

from dataclasses import dataclass
from decimal import Decimal

from accounts.models import User
from subsidies.choices import GRANTED, GrantState
from subsidies.models import Grant, Recovery
from subsidies.models.recoveries import UNSETTLED
from subsidies.services.causes import due
from subsidies.services.entitled import Entitled
from subsidies.services.holding import end

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Family:
    """Those of a grant and its supplements that give something, the newest first. The caller holds the grant."""

    granted: tuple[Grant, ...]

    @property
    def last(self) -> Grant:
        """The one that was granted last: it says what was due in all then."""
        return self.granted[0]

    @property
    def gives(self) -> Decimal:
        return sum((grant.gives for grant in self.granted), NOTHING)

    def stands(self, found: Entitled) -> bool:
        """Whether `found`, what is due of it now, is all that it gives. Not while something that matters is unknown."""
        given = found.gives(self.last.part)
        return given is not None and given >= self.gives

    def beyond(self, found: Entitled) -> Decimal:
        """What it gives beyond what is due. Nothing is taken back for what is merely unknown."""
        given = found.gives(self.last.part)
        return NOTHING if given is None else max(self.gives - given, NOTHING)

    def more(self, found: Entitled) -> Decimal:
        """What is due beyond what it gives, within what the maximum of the year leaves."""
        given = found.gives(self.last.part)
        if given is None or given <= self.gives:
            return NOTHING
        return self.supplement(due(self.last, beside_all=True))

    def supplement(self, raised: Entitled) -> Decimal:
        """What a supplement would give where `raised` is due beside all else of the year."""
        return max((raised.gives(self.last.part) or NOTHING) - self.gives, NOTHING)

    def unsettled(self) -> Recovery | None:
        """A recovery that is under way."""
        return Recovery.objects.filter(grant__in=self.granted, state__in=UNSETTLED).select_related("grant").first()


def family(grant: Grant) -> Family:
    """The family of a grant, or of a supplement, that is granted; its rows are locked."""
    found = Grant.objects.family_of(grant).filter(state__in=GRANTED).select_for_update(of=("self",))
    return Family(tuple(found.select_related("company", "supplement_to", "proposed_by")))


def withdraw_supplements(grant: Grant, *, reason: str, by: User | None) -> None:
    """End the supplements to a grant that are only proposed: it is about to end itself."""
    for one in grant.supplements.filter(state=GrantState.PROPOSED).select_related("company", "supplement_to"):
        end(one, GrantState.WITHDRAWN, reason=reason, by=by)
