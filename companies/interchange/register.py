"""The files `companies` and `relations`: their columns, what contradicts the register, and their way in and out.

In files both days of a period are included; frames for `companies.bulk` and the database have half-open ends.
"""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from companies import bulk
from companies.choices import CompanyKind, RelationKind, Stage
from companies.credit_codes import normalized, problem_of
from companies.models.register import CODE_PATTERN
from core import markup
from core.frames import read_frame
from core.interchange import problems, spellings, staging
from core.interchange.columns import Choice, Column, Day, Text, YesNo
from core.interchange.kinds import ExportKind, ImportKind, Stored, Tick, register
from core.interchange.problems import LINE

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DAY = pl.duration(days=1)
# The file's two days of each period, and what `companies.bulk` calls them
PERIODS = {
    "registered_on": ("deregistered_on", "registration_from", "registration_until"),
    "operating_from": ("operating_until", "operation_from", "operation_until"),
}


def _code(name: str, *, required: bool = True, key: bool = True) -> Text:
    form = gettext_lazy("is no code: use letters, digits, dots and dashes, up to 32 characters")
    return Text(name=name, required=required, key=key, max_length=32, pattern=CODE_PATTERN, form=form, is_narrow=True)


COMPANIES: tuple[Column, ...] = (
    _code("code"),
    Text(name="name", required=True, max_length=200),
    Text(name="name_zh", max_length=200),
    Text(name="uscc", max_length=40, is_narrow=True),
    Choice(name="kind", values=tuple(CompanyKind.values)),
    Text(name="industry", max_length=80),
    Day(name="founded_on", empty_is_unknown=True),
    Day(name="registered_on"),
    Day(name="deregistered_on"),
    Day(name="operating_from"),
    Day(name="operating_until"),
    Choice(name="stage", values=tuple(Stage.values)),
    YesNo(name="listed"),
    YesNo(name="bad_credit"),
    Text(
        name="country",
        max_length=2,
        pattern=r"^[A-Z]{2}$",
        form=gettext_lazy("is no two-letter country code, such as CN"),
        spelling=spellings.country,
    ),
    Text(
        name="website",
        max_length=300,
        pattern=r"^https?://[^\s/?#]+([/?#]\S*)?$",
        form=gettext_lazy("is no address that begins with http:// or https://"),
    ),
)

RELATIONS: tuple[Column, ...] = (
    _code("company"),
    _code("other"),
    Choice(name="kind", required=True, values=tuple(RelationKind.values)),
    Day(name="since"),
    Day(name="until"),
)


# --- Companies ---------------------------------------------------------------------------------------------------


def check_companies(rows: pl.DataFrame) -> pl.DataFrame:
    """Credit codes that are wrong, given twice or another company's; periods that end before they begin."""
    found = []
    if "uscc" in rows.columns:
        rows = rows.with_columns(pl.col("uscc").str.replace_all(r"[\s-]", "").str.to_uppercase())
        wrong = _wrong_credit_codes(rows)
        found += [wrong, _shared_credit_codes(rows.join(wrong, on=LINE, how="anti"))]
    days = [name for first, (last, *_names) in PERIODS.items() for name in (first, last) if name in rows.columns]
    if days:
        found += _reversed_periods(_with_held_days(rows, days))
    return problems.together(found)


def credit_code_fits(cell: pl.Expr) -> pl.Expr:
    """Whether a normalized code passes every check of `credit_codes.problem_of`, for any number of rows at once."""
    well_formed = cell.str.contains(rf"^[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}$")
    digits = [
        cell.str.slice(position, 1).replace_strict(list(ALPHABET), list(range(31)), default=None, return_dtype=pl.Int32)
        for position in range(18)
    ]
    total = pl.sum_horizontal(digit * pow(3, position, 31) for position, digit in enumerate(digits[:17]))
    return well_formed & ((31 - total % 31) % 31 == digits[17])


def _wrong_credit_codes(rows: pl.DataFrame) -> pl.DataFrame:
    suspects = rows.filter(~credit_code_fits(pl.col("uscc")))
    told = (
        (line, "uscc", str(problem_of(normalized(code)))) for line, code in suspects.select(LINE, "uscc").iter_rows()
    )
    return problems.of(told)


def _shared_credit_codes(rows: pl.DataFrame) -> pl.DataFrame:
    """Codes of two rows, and codes that a company holds which keeps it: the file does not give it another."""
    coded = rows.drop_nulls("uscc")
    held = read_frame(
        "SELECT uscc, code FROM companies_company WHERE uscc = ANY(%s)",
        [coded["uscc"].to_list()],
        {"uscc": pl.String(), "holder": pl.String()},
    )
    foreign = coded.join(held.join(rows, left_on="holder", right_on="code", how="anti"), on="uscc")
    twice = coded.filter(pl.col("uscc").is_duplicated()).with_columns(
        pl.col(LINE).sort().cast(pl.String).str.join(", ").over("uscc").alias("lines"),
    )
    return problems.together(
        [
            problems.where(
                foreign, pl.lit(value=True), "uscc", pl.format(_("is held by the company {} already"), pl.col("holder"))
            ),
            problems.where(twice, pl.lit(value=True), "uscc", pl.format(_("stands in the lines {}"), pl.col("lines"))),
        ]
    )


def _with_held_days(rows: pl.DataFrame, days: list[str]) -> pl.DataFrame:
    """The rows with all four days: those that the file does not name as the register has them."""
    absent = [column for column in COMPANIES if column.name in _DAYS and column.name not in days]
    if not absent:
        return rows
    held = read_frame(
        f"SELECT code, {', '.join(_DAYS[column.name] for column in absent)} FROM companies_company"  # noqa: S608
        " WHERE code = ANY(%s)",
        [rows["code"].to_list()],
        {"code": pl.String(), **{column.name: column.dtype for column in absent}},
    )
    return rows.join(held, on="code", how="left")


def _reversed_periods(rows: pl.DataFrame) -> list[pl.DataFrame]:
    reason = _("lies before the first day {}")
    return [
        problems.where(rows, pl.col(last) < pl.col(first), last, pl.format(reason, pl.col(first).cast(pl.String)))
        for first, (last, *_names) in PERIODS.items()
    ]


def store_companies(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the companies; stages that change do so on the day of the import."""
    tick(0, rows.height)
    for first, (last, first_name, until_name) in PERIODS.items():
        if last in rows.columns:
            rows = rows.with_columns((pl.col(last) + DAY).alias(until_name)).drop(last)
        if first in rows.columns:
            rows = rows.rename({first: first_name})
    done = bulk.upsert_companies(rows.drop(LINE), on=on)
    tick(rows.height, rows.height)
    return Stored(done.new, done.changed, done.unchanged, _told_of(bulk.namesakes(rows["code"].to_list())))


def _told_of(namesakes: int) -> tuple[str, ...]:
    """Two companies of a name may be two, so they come in; whoever brings them should know."""
    if not namesakes:
        return ()
    told = ngettext(
        "%(count)s company of the file has the name of another one: see “Possible doubles”.",
        "%(count)s companies of the file have the name of another one: see “Possible doubles”.",
        namesakes,
    )
    return (told % {"count": markup.count(namesakes)},)


_DAYS = {
    "registered_on": "lower(registration)",
    "deregistered_on": "upper(registration) - 1",
    "operating_from": "lower(operation)",
    "operating_until": "upper(operation) - 1",
}


def all_companies(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """The register, by code."""
    del on, month
    chosen = ", ".join(_DAYS.get(column.name, column.name) for column in COMPANIES)
    return staging.frames_of(
        f'SELECT {chosen} FROM companies_company ORDER BY code COLLATE "C"',  # noqa: S608
        {column.name: column.dtype for column in COMPANIES},
    )


# --- Relations ---------------------------------------------------------------------------------------------------


def check_relations(rows: pl.DataFrame) -> pl.DataFrame:
    """Companies that the register does not have, or that are related to themselves; periods that end too early."""
    known = read_frame(
        "SELECT code FROM companies_company WHERE code = ANY(%s)",
        [list({*rows["company"], *rows["other"]})],
        {"code": pl.String()},
    )["code"]
    found = [
        problems.where(rows, ~pl.col(name).is_in(known.implode()), name, _("is no company of the register"))
        for name in ("company", "other")
    ]
    found.append(problems.where(rows, pl.col("company") == pl.col("other"), "other", _("is the company itself")))
    if {"since", "until"} <= set(rows.columns):
        early = pl.format(_("lies before the first day {}"), pl.col("since").cast(pl.String))
        found.append(problems.where(rows, pl.col("until") < pl.col("since"), "until", early))
    return problems.together(found)


def store_relations(rows: pl.DataFrame, on: dt.date, tick: Tick) -> Stored:
    """Write the relations."""
    del on
    tick(0, rows.height)
    if "until" in rows.columns:
        rows = rows.with_columns(pl.col("until") + DAY)
    done = bulk.upsert_relations(_with_held_ends(rows).drop(LINE))
    tick(rows.height, rows.height)
    return Stored(done.new, done.changed, done.unchanged)


def _with_held_ends(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with both ends (half-open): those that the file does not name as the register has them."""
    absent = [name for name in ("since", "until") if name not in rows.columns]
    if not absent:
        return rows
    held = read_frame(
        """SELECT owner.code, related.code, lower(held.valid), upper(held.valid) FROM companies_relation held
           JOIN companies_company owner ON owner.id = held.company_id
           JOIN companies_company related ON related.id = held.other_id WHERE owner.code = ANY(%s)""",
        [rows["company"].unique().to_list()],
        {"company": pl.String(), "other": pl.String(), "since": pl.Date(), "until": pl.Date()},
    )
    return rows.join(held.select("company", "other", *absent), on=["company", "other"], how="left")


def all_relations(on: dt.date | None, month: dt.date | None) -> Iterator[pl.DataFrame]:
    """All relations, by the two codes."""
    del on, month
    return staging.frames_of(
        """SELECT owner.code, related.code, held.kind, lower(held.valid), upper(held.valid) - 1
           FROM companies_relation held
           JOIN companies_company owner ON owner.id = held.company_id
           JOIN companies_company related ON related.id = held.other_id
           ORDER BY owner.code COLLATE "C", related.code COLLATE "C" """,
        {column.name: column.dtype for column in RELATIONS},
    )


register(
    ImportKind("companies", COMPANIES, check=check_companies, store=store_companies, about="code"),
    ExportKind("companies", all_companies, COMPANIES),
    ImportKind("relations", RELATIONS, check=check_relations, store=store_relations, about="company"),
    ExportKind("relations", all_relations, RELATIONS),
)
