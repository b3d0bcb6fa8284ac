"""Small companies, by the national classification of enterprises for software and information technology services.

Source: Ministry of Industry and Information Technology with three other public bodies, 2011-06-18,
《中小企业划型标准规定》 (工信部联企业〔2011〕300号), article 4, trade 12: with at least 100 employees **and** at least
¥10,000,000 of yearly revenue an enterprise is a medium one, or a large one; with fewer employees or less revenue it is
small or micro. It is the country's classification, no parameter of the zone's policy.
"""

from datetime import date

import polars as pl

from subsidies.rules.counting import for_all

MEDIUM_EMPLOYEES = 100
MEDIUM_REVENUE = 10_000_000_00  # fen a year
YEAR = 12


def size_facts(reports: pl.DataFrame, companies: pl.DataFrame, on: date) -> pl.DataFrame:
    """In the order of `companies`: company; small_company (Boolean): by the newest verified yearly report that ended
    before `on`; null without one, and while the figure that matters is missing in it."""
    yearly = reports.filter((pl.col("months") == YEAR) & (pl.col("period_end") < on))
    small = (pl.col("employees") < MEDIUM_EMPLOYEES) | (pl.col("revenue") < MEDIUM_REVENUE)
    newest = yearly.sort("period_end").group_by("company").agg(small.last().alias("small_company"))
    return for_all(companies, newest, ())
