"""What statements of both kinds, rent and interest, have in common: the database refuses edits of what was issued."""

import pgtrigger
from django.db.models import Q

from subsidies.choices import AdjustmentReason

MONTH_STARTS = Q(month__day=1)  # the month is named by its first day

# Both statements of a line that is moved; the share lock makes it wait for somebody who issues one at this moment.
_OPEN_ONLY = """
    FOR statement_state IN
        SELECT state FROM {table} WHERE id IN (NEW.statement_id, OLD.statement_id) FOR SHARE
    LOOP
        IF statement_state <> 'open' THEN
            RAISE EXCEPTION '{refusal}'
                USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_issued';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def only_while_open(table: str, refusal: str) -> pgtrigger.Trigger:
    """Lines and adjustments change only while their statement, a row of `table`, is open."""
    return pgtrigger.Trigger(
        name="only_while_open",
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        when=pgtrigger.Before,
        declare=[("statement_state", "text")],
        func=_OPEN_ONLY.format(table=table, refusal=refusal),
    )


def issued_stays() -> list[pgtrigger.Trigger]:
    """A statement that was issued is neither edited nor deleted."""
    return [
        pgtrigger.Protect(
            name="issued_not_deleted", operation=pgtrigger.Delete, condition=pgtrigger.Q(old__state="issued")
        ),
        pgtrigger.Protect(
            name="issued_not_edited", operation=pgtrigger.Update, condition=pgtrigger.Q(old__state="issued")
        ),
    ]


def reasons_of(codes: str) -> list[str]:
    """What was corrected, in the reader's language: of codes of AdjustmentReason with `;` between."""
    return [str(AdjustmentReason(code).label) for code in codes.split(";") if code]
