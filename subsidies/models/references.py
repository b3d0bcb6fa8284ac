"""Numbers that papers carry (of an invoice, of a contract): when two spellings mean one, and how one that nobody named
is compared. They are expressions of the database, so that its constraints and every query say the same.

A range stands for what a value may be: itself alone, or anything where it is not named. Two may be the same where
their ranges overlap, which a constraint by GiST forbids.
"""

from typing import Any

from django.db.models import Func, TextField, Value

NAMED_RANGE = "subsidies_named"  # a range of texts, which PostgreSQL has not by itself


class Spelling(Func):
    """One form for spellings that differ in case, width or blanks; "" for none."""

    template = "lower(regexp_replace(normalize(%(expressions)s, NFKC) COLLATE \"C\", '\\s+', '', 'g'))"
    arity = 1
    output_field = TextField()


class _Twice(Func):
    """A template in which the expression stands twice."""

    arity = 1
    output_field = TextField()

    def as_sql(self, *args: Any, **options: Any) -> Any:
        sql, parameters = super().as_sql(*args, **options)
        return sql, (*parameters, *parameters)


class AnySupplier(_Twice):
    """The range of a supplier's id; null is anybody."""

    template = "int8range(%(expressions)s, %(expressions)s, '[]')"


class AnyReference(_Twice):
    """The range of a number in its Spelling; "" is any."""

    template = f"{NAMED_RANGE}(nullif(%(expressions)s, ''), nullif(%(expressions)s, ''), '[]')"


class AnyPart(Func):
    """The range of what a contract is granted for: one kind of voucher, or ("") all of it."""

    template = (
        "CASE %(expressions)s WHEN 'model' THEN int4range(0, 1) WHEN 'compute' THEN int4range(1, 2)"
        " ELSE int4range(0, 2) END"
    )
    arity = 1
    output_field = TextField()


# SQL: the claim of one kind of voucher does not touch a cost of the other kind, of the same contract and company.
APART = """(
    {claim}.company_id = {cost}.company_id AND {cost}.point = 'ai_vouchers' AND (
        ({claim}.part = 'model' AND {cost}.kind IN ('compute', 'compute_other'))
        OR ({claim}.part = 'compute' AND {cost}.kind = 'model')
    )
)"""


def spelling_of(text: str) -> Spelling:
    """The Spelling of a text that is on no record yet."""
    return Spelling(Value(text, output_field=TextField()))
