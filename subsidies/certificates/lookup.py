"""From a check code to its certificate, of which the public sees a part, and whether the portal still says the same."""

from dataclasses import dataclass
from enum import StrEnum

from subsidies.certificates import codes
from subsidies.certificates.document import certificate
from subsidies.certificates.parts import Certificate
from subsidies.models import Decision


class Answer(StrEnum):
    """What is known of a code. `foreign`: the decision is there, but the paper is of another seal than the record."""

    FOUND = "found"
    MISTYPED = "mistyped"
    UNKNOWN = "unknown"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Checked:
    """`certificate` is there when it was found. The page shows a part of it, and nothing else."""

    answer: Answer
    certificate: Certificate | None = None

    @property
    def is_found(self) -> bool:
        return self.answer == Answer.FOUND


def look_up(typed: str) -> Checked:
    """The certificate of a code as somebody typed it. Needs the code alone: whoever has it holds the paper."""
    wanted = codes.read(typed)
    if wanted is None:
        return Checked(Answer.MISTYPED)
    found = (
        Decision.objects.filter(public_id__range=(wanted.first, wanted.last))
        .select_related("company", "version")
        .prefetch_related("version__parameters")
        .first()
    )
    if found is None:
        return Checked(Answer.UNKNOWN)
    if codes.seal_bits(bytes(found.seal)) != wanted.seal_bits:
        return Checked(Answer.FOREIGN)
    return Checked(Answer.FOUND, certificate(found))
