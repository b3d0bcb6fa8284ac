"""The deposit of a lease, read off its ledger: what is agreed, what came and went, and what the zone holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from spaces.choices import DepositKind
from spaces.models import DepositMovement, Lease

NONE = Decimal("0.00")
OUT = (DepositKind.RETURNED, DepositKind.WITHHELD, DepositKind.HANDED_OVER)
YUAN = DecimalField(max_digits=18, decimal_places=2)


@dataclass(frozen=True)
class Deposit:
    """Yuan, of the movements that were not taken back; `movements` are all of them, the first one first. `agreed` is
    None where nobody ever said what is to be paid."""

    agreed: Decimal | None
    received: Decimal
    taken_over: Decimal
    returned: Decimal
    withheld: Decimal
    handed_over: Decimal
    movements: tuple[Any, ...] = ()

    @property
    def held(self) -> Decimal:
        """What the zone holds for the lease."""
        return self.received + self.taken_over - self.returned - self.withheld - self.handed_over

    @property
    def outstanding(self) -> Decimal:
        """What is still to be paid of what was agreed."""
        return max((self.agreed or NONE) - self.received - self.taken_over, NONE)

    @property
    def is_there(self) -> bool:
        return bool(self.movements)


def deposit_of(lease: Lease) -> Deposit:
    """The deposit of a lease. One query."""
    own = DepositMovement.objects.filter(Q(lease=lease) | Q(to_lease=lease))
    found = list(own.select_related("lease", "to_lease", "by", "reversal", "reverses").order_by("pk"))
    return _summed(lease, found)


def _summed(lease: Lease, movements: Iterable[Any]) -> Deposit:
    rows = tuple(movements)
    standing = [row for row in rows if not is_undone(row) and row.kind != DepositKind.REVERSED]
    own = [row for row in standing if row.lease_id == lease.pk]
    agreed = [row.amount for row in own if row.kind == DepositKind.AGREED]

    def sum_of(kind: DepositKind) -> Decimal:
        return sum((row.amount for row in own if row.kind == kind), NONE)

    return Deposit(
        agreed=agreed[-1] if agreed else None,
        received=sum_of(DepositKind.RECEIVED),
        taken_over=sum((row.amount for row in standing if row.to_lease_id == lease.pk), NONE),
        returned=sum_of(DepositKind.RETURNED),
        withheld=sum_of(DepositKind.WITHHELD),
        handed_over=sum_of(DepositKind.HANDED_OVER),
        movements=rows,
    )


def is_undone(movement: Any) -> bool:
    """Whether another row takes it back."""
    return hasattr(movement, "reversal")


def with_deposits(leases: QuerySet[Lease]) -> QuerySet[Any]:
    """Leases that have a ledger, with `agreed` and `held` in yuan, in the same query."""
    standing = DepositMovement.objects.filter(reversal=None).exclude(kind=DepositKind.REVERSED).order_by()
    own, taken = standing.filter(lease=OuterRef("pk")), standing.filter(to_lease=OuterRef("pk"))
    sign = Case(
        When(kind=DepositKind.RECEIVED, then=F("amount")), When(kind__in=OUT, then=-F("amount")), default=Value(NONE),
        output_field=YUAN,
    )  # fmt: skip
    nothing = Value(NONE, output_field=YUAN)
    moved = Coalesce(Subquery(own.values("lease").annotate(sum=Sum(sign)).values("sum"), output_field=YUAN), nothing)
    came = Coalesce(
        Subquery(taken.values("to_lease").annotate(sum=Sum("amount")).values("sum"), output_field=YUAN), nothing
    )
    agreed = own.filter(kind=DepositKind.AGREED).order_by("-pk").values("amount")[:1]
    of_lease = DepositMovement.objects.filter(Q(lease=OuterRef("pk")) | Q(to_lease=OuterRef("pk")))
    known = leases.filter(Exists(of_lease))
    return known.annotate(agreed=Subquery(agreed, output_field=YUAN), held=moved + came)
