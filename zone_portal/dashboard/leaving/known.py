"""What is known about companies that are in the zone: a query each, for all of them or for some."""

import datetime as dt

import polars as pl
from django.utils import timezone

from accounts.models import User
from community.models import Delivery
from companies.models import Membership, Report, ReportDuty, ReportExcuse
from core.frames import read_frame
from spaces.choices import HOLDING, RESERVING
from spaces.models import Booking, DeskMembership, Lease, LeaseOffer
from subsidies.choices import Outcome, Point
from subsidies.gather.selection import Selection
from subsidies.models import Decision
from subsidies.rules.windows import window_ends_on_expr
from zone_portal.dashboard.leaving.signals import SCHEMA
from zone_portal.dashboard.leaving.values import BOOKING_DAYS
from zone_portal.dashboard.models import LeavingStep, LeavingTask
from zone_portal.dashboard.overview.moments import end_of
from zone_portal.dashboard.overview.relief import window_months

# Who is in the zone on the day, and the first day without a lease or a desk.
STAYS = f"""
    SELECT company_id, CASE WHEN bool_or(upper(term) IS NULL) THEN NULL ELSE max(upper(term)) - 1 END
    FROM (
        SELECT company_id, term FROM {Lease._meta.db_table} WHERE voided_at IS NULL AND {{condition}}
        UNION ALL
        SELECT company_id, term FROM {DeskMembership._meta.db_table}
        WHERE voided_at IS NULL AND company_id IS NOT NULL AND {{condition}}
    ) held GROUP BY company_id HAVING bool_or(term @> %s)
"""  # noqa: S608
OFFERED = f"""
    SELECT DISTINCT company_id, true FROM {LeaseOffer._meta.db_table} WHERE state IN %s AND {{condition}}
"""  # noqa: S608
RELIEF = f"""
    SELECT company_id, outcome <> '{Outcome.UNKNOWN.value}', CASE WHEN outcome = '{Outcome.ELIGIBLE.value}'
        THEN (facts ->> 'first_settled_on')::date END
    FROM {Decision._meta.db_table}
    WHERE superseded_at IS NULL AND point = '{Point.RENT_WAIVER.value}' AND {{condition}}
"""  # noqa: S608
# What is there and what is excused, as the schedule of reports counts it (companies.bulk.duties).
REPORTS = f"""
    SELECT company_id, count(*) FILTER (WHERE is_late), max(due_on) FILTER (WHERE is_late) FROM (
        SELECT duty.company_id, due_on, due_on < %s AND NOT EXISTS (
            SELECT FROM {Report._meta.db_table} report
            WHERE report.company_id = duty.company_id AND report.period_end = duty.period_end
              AND report.voided_at IS NULL AND report.months >= duty.months
        ) AND NOT EXISTS (
            SELECT FROM {ReportExcuse._meta.db_table} excuse
            WHERE excuse.company_id = duty.company_id AND excuse.period_end = duty.period_end
              AND excuse.voided_at IS NULL
        ) AS is_late
        FROM {ReportDuty._meta.db_table} duty WHERE duty.period_end < %s AND {{condition}}
    ) owed GROUP BY company_id
"""  # noqa: S608
BOOKINGS = f"""
    SELECT company_id, count(*) FILTER (WHERE lower(period) >= %s), count(*) FILTER (WHERE lower(period) < %s)
    FROM {Booking._meta.db_table}
    WHERE company_id IS NOT NULL AND state IN %s AND lower(period) >= %s AND lower(period) < %s AND {{condition}}
    GROUP BY company_id
"""  # noqa: S608
CONTACTS = f"""
    SELECT company_id, max(day) FROM (
        SELECT company_id, (last_login AT TIME ZONE %s)::date AS day
        FROM {Membership._meta.db_table} part JOIN {User._meta.db_table} person ON person.id = part.user_id
        WHERE last_login < %s AND {{condition}}
        UNION ALL
        SELECT company_id, spoke_on FROM {LeavingTask._meta.db_table} task
        JOIN {LeavingStep._meta.db_table} step ON step.task_id = task.id WHERE spoke_on <= %s AND {{condition}}
        UNION ALL
        SELECT company_id, given_on FROM {Delivery._meta.db_table}
        WHERE voided_at IS NULL AND given_on <= %s AND {{condition}}
    ) contacts GROUP BY company_id HAVING max(day) IS NOT NULL
"""  # noqa: S608
EVERYBODY = Selection("true", (), ())


def known(on: dt.date, selection: Selection = EVERYBODY) -> pl.DataFrame:
    """The columns of `signals.SCHEMA`, a row for each of the selected companies that is in the zone on the day."""
    zone, end, days = timezone.get_default_timezone_name(), end_of(on), dt.timedelta(days=BOOKING_DAYS)
    recent = end_of(on - days)
    before = end_of(on - 2 * days)
    holding, reserving = ([str(one.value) for one in states] for states in (HOLDING, RESERVING))
    own = selection.parameters
    stays = _read(STAYS, selection, [*own, *own, on], "company", "ends_on")
    offered = _read(OFFERED, selection, [tuple(reserving), *own], "company", "is_offered")
    reports = _read(REPORTS, selection, [on, on, *own], "company", "late", "due_on")
    booked = _read(
        BOOKINGS, selection, [recent, recent, tuple(holding), before, end, *own], "company", "booked", "booked_before"
    )
    contacts = _read(CONTACTS, selection, [zone, end, *own, on, *own, on, *own], "company", "contact_on")
    whole = stays
    for found in (offered, _relief(on, selection), reports, booked, contacts):
        whole = whole.join(found, on="company", how="left")
    return whole.with_columns(
        pl.col("is_offered", "is_decided").fill_null(value=False), pl.col("booked", "booked_before").fill_null(0)
    ).select(*SCHEMA)


def _relief(on: dt.date, selection: Selection) -> pl.DataFrame:
    schema = {"company": pl.Int64(), "is_decided": pl.Boolean(), "settled_on": pl.Date()}
    found = read_frame(RELIEF.format(condition=selection.condition("company_id")), selection.parameters, schema)
    months = window_months(on)
    no_policy = pl.lit(None, pl.Date())
    until = no_policy if months is None else window_ends_on_expr(pl.col("settled_on"), months)
    return found.select("company", "is_decided", until.alias("relief_until"))


def _read(query: str, selection: Selection, parameters: list[object], *columns: str) -> pl.DataFrame:
    return read_frame(
        query.format(condition=selection.condition("company_id")), parameters, {name: SCHEMA[name] for name in columns}
    )
