"""Files of any size in the formats of `import_data`: valid, deterministic, made a column at a time.

Unlike the demo zone they tell no story; they are there to import, assess and bill at scale. Units get two tenancies
one after the other, companies share several leases, and what is unknown or over in a real register is so here too.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Self

import polars as pl

from zone_portal.demo import scale_records
from zone_portal.demo.credit import CHENGDU_WUHOU, HANGZHOU_BINJIANG, HANGZHOU_XIHU, HANGZHOU_YUHANG, credit_code
from zone_portal.demo.drawing import EPOCH, Draw, as_day, decimal_text
from zone_portal.demo.vocabulary import SYLLABLES, TRADES

SEED = 20250925
REGIONS = (HANGZHOU_YUHANG, HANGZHOU_YUHANG, HANGZHOU_XIHU, HANGZHOU_BINJIANG, CHENGDU_WUHOU)
STAGES = ("nestling", "chick", "growing", "unicorn", "")
STAGE_WEIGHTS = (45, 35, 15, 1, 4)
CAMPUSES = ("Shuqiwan", "Hangchuang Camp", "Innovation Center")
UNITS_A_FLOOR, FLOORS_A_BUILDING = 24, 12
SHARE_WITH_LEASE = 0.85


def companies(size: int, *, today: dt.date, seed: int = SEED) -> pl.DataFrame:
    """`size` companies in the columns of the interchange format; one in twelve is a team without a credit code."""
    draw = Draw(Random(f"{seed} companies"), size)
    now = (today - EPOCH).days
    first, second = draw.whole(0, len(SYLLABLES) - 1), draw.whole(0, len(SYLLABLES) - 1)
    trade = draw.whole(0, len(TRADES) - 1)
    regions = draw.one_of(REGIONS)
    spelled, written = (pl.Series(values) for values in zip(*((s.latin, s.han) for s in SYLLABLES), strict=True))
    frame = pl.DataFrame({
        "number": pl.Series(range(1, size + 1), dtype=pl.Int64),
        "brand": spelled.gather(first).str.to_titlecase() + spelled.gather(second),
        "brand_zh": written.gather(first) + written.gather(second),
        "trade": pl.Series([t.name for t in TRADES]).gather(trade),
        "trade_zh": pl.Series([t.name_zh for t in TRADES]).gather(trade),
        "industry": pl.Series([t.industry for t in TRADES]).gather(trade),
        "uscc": [credit_code(serial, region) for serial, region in enumerate(regions)],
        "team": draw.chance(0.08),
        "founded": draw.whole(now - 3600, now - 120),
        "settling": draw.whole(30, 900),
        "stay": draw.whole(200, 1500),
        "registered": draw.chance(0.94),
        "deregistered": draw.chance(0.06),
        "operates": draw.chance(0.96),
        "closed": draw.chance(0.05),
        "stage": draw.one_of(STAGES, STAGE_WEIGHTS),
        "listed": draw.one_of(("no", "yes", ""), (94, 1, 5)),
        "bad_credit": draw.one_of(("no", "yes", ""), (93, 1, 6)),
    })  # fmt: skip
    start = pl.min_horizontal(pl.col("founded") + pl.col("settling"), pl.lit(now - 20))
    end = start + pl.col("stay")
    incorporated = ~pl.col("team")
    registered = incorporated & pl.col("registered")
    return frame.select(
        pl.format("S-{}", pl.col("number").cast(pl.String).str.zfill(7)).alias("code"),
        pl.format("{} {} {}", "brand", "trade", pl.when("team").then(pl.lit("Team")).otherwise(pl.lit("Co., Ltd.")))
        .alias("name"),
        pl.format("{}{}{}", "brand_zh", "trade_zh", pl.when("team").then(pl.lit("团队")).otherwise(pl.lit("有限公司")))
        .alias("name_zh"),
        pl.when(incorporated).then("uscc").alias("uscc"),
        pl.when("team").then(pl.lit("team")).otherwise(pl.lit("company")).alias("kind"),
        "industry",
        pl.when(incorporated).then(as_day(pl.col("founded"))).alias("founded_on"),
        pl.when(registered).then(as_day(start)).alias("registered_on"),
        pl.when(registered & pl.col("deregistered")).then(as_day(end)).alias("deregistered_on"),
        pl.when("operates").then(as_day(start)).alias("operating_from"),
        pl.when(pl.col("operates") & pl.col("closed")).then(as_day(end)).alias("operating_until"),
        "stage", "listed", "bad_credit",
        pl.lit("CN").alias("country"),
    )  # fmt: skip


def units(size: int, *, seed: int = SEED) -> pl.DataFrame:
    """`size` units of 15 to 800 m²; `area` holds the same area as an integer of 0.01 m²."""
    draw = Draw(Random(f"{seed} units"), size)
    number = pl.col("number")
    floor = number // UNITS_A_FLOOR
    building = floor // FLOORS_A_BUILDING
    campus = building % len(CAMPUSES)
    frame = pl.DataFrame(
        {
            "number": pl.Series(range(size), dtype=pl.Int64),
            "area": draw.whole(1_500, 80_000),
        }
    )
    return frame.select(
        pl.format("U-{}", (number + 1).cast(pl.String).str.zfill(7)).alias("unit"),
        campus.replace_strict(dict(enumerate(CAMPUSES))).alias("campus"),
        pl.format("Building {}", building + 1).alias("building"),
        (floor % FLOORS_A_BUILDING + 1).alias("floor"),
        decimal_text("area", 2).alias("area_m2"),
        "area",
    )


def leases(size: int, codes: pl.Series, lettable: pl.DataFrame, *, today: dt.date, seed: int = SEED) -> pl.DataFrame:
    """`size` leases over `lettable` (of `units`, at least half as many): two a unit, the second after the first ends.

    Fifteen companies in a hundred get none; the others one each, in an order of their own, and then more.
    """
    random = Random(f"{seed} leases")
    draw = Draw(random, size)
    now = (today - EPOCH).days
    tenants = list(codes)
    random.shuffle(tenants)
    del tenants[max(1, round(len(tenants) * SHARE_WITH_LEASE)) :]
    chosen = [*tenants[:size], *random.choices(tenants, k=max(0, size - len(tenants)))]
    frame = pl.DataFrame({
        "number": pl.Series(range(size), dtype=pl.Int64),
        "company": chosen,
        "part": draw.whole(60, 140),
        "price_per_m2_day": draw.whole(12_000, 48_000),
        "begins": draw.whole(now - 1200, now - 700),
        "first_stay": draw.whole(60, 600),
        "gap": draw.whole(0, 45),
        "second_stay": draw.whole(90, 1400),
        "open": draw.chance(0.3),
    }).with_columns(unit_number=pl.col("number") // 2, second=pl.col("number") % 2 == 1)  # fmt: skip
    # Both tenancies of a unit rest on the days drawn for the first of them.
    frame = frame.with_columns(pl.col("begins", "first_stay").first().over("unit_number"))
    change = pl.col("begins") + pl.col("first_stay")
    start = pl.when("second").then(change + pl.col("gap")).otherwise(pl.col("begins"))
    last = pl.when(~pl.col("second")).then(change - 1).when(~pl.col("open")).then(start + pl.col("second_stay"))
    numbered = lettable.with_row_index("unit_number").select(pl.col("unit_number").cast(pl.Int64), "unit", "area")
    whole = frame.join(numbered, on="unit_number", how="left", maintain_order="left")
    # Most tenants take the whole unit, the others a part of it.
    area = pl.min_horizontal(pl.col("area"), pl.col("area") * pl.col("part") // 100)
    return whole.with_columns(area_m2=area).select(
        pl.format("L-{}", (pl.col("number") + 1).cast(pl.String).str.zfill(7)).alias("lease"),
        "company", "unit", decimal_text("area_m2", 2), decimal_text("price_per_m2_day", 4),
        as_day(start).alias("first_day"), as_day(last).alias("last_day"),
    )  # fmt: skip


def relations(codes: pl.Series, *, seed: int = SEED) -> pl.DataFrame:
    """A parent, sister or controller for every twentieth company: its neighbour in the register."""
    draw = Draw(Random(f"{seed} relations"), len(codes) // 20)
    row = pl.Series(range(draw.size), dtype=pl.Int64) * 20
    kinds = draw.one_of(("parent", "sibling", "controller"), (5, 3, 2))
    return pl.DataFrame({"company": codes.gather(row), "other": codes.gather(row + 1), "kind": kinds})


@dataclass(frozen=True)
class Sizes:
    """How many rows the files of a zone have."""

    companies: int
    leases: int
    projects: int
    loans: int
    repayments: int
    talents: int
    reports: int
    expenses: int

    @classmethod
    def of(cls, companies: int, leases: int | None = None) -> Self:
        """So many companies with what a zone has of them: 150,000 have 200,000 leases and costs, 90,000 repayments."""
        fifth = companies // 5
        many = companies * 4 // 3
        return cls(
            companies=companies,
            leases=many if leases is None else leases,
            projects=fifth,
            loans=2 * fifth,
            repayments=3 * fifth,
            talents=2 * fifth,
            reports=companies,
            expenses=many,
        )


def write_files(folder: Path, sizes: Sizes, *, today: dt.date, seed: int = SEED) -> dict[str, int]:
    """Write the files as CSV into `folder`; returns the rows of each, in import order."""
    folder.mkdir(parents=True, exist_ok=True)
    frames = _frames(sizes, today, seed)
    for kind, frame in frames.items():
        frame.write_csv(folder / f"{kind}.csv")
    return {kind: frame.height for kind, frame in frames.items()}


def _frames(sizes: Sizes, today: dt.date, seed: int) -> dict[str, pl.DataFrame]:
    register = companies(sizes.companies, today=today, seed=seed)
    codes = register["code"]
    lettable = units(-(-sizes.leases // 2), seed=seed)
    payees = scale_records.suppliers(codes, today=today, seed=seed)
    lent = scale_records.loans(sizes.loans, codes, today=today, seed=seed)
    return {
        "companies": register,
        "relations": relations(codes, seed=seed),
        "units": lettable.drop("area"),
        "leases": leases(sizes.leases, codes, lettable, today=today, seed=seed),
        "suppliers": payees,
        "projects": scale_records.projects(sizes.projects, codes, today=today, seed=seed),
        "loans": lent.drop("day", "amount"),
        "repayments": scale_records.repayments(sizes.repayments, lent),
        "talents": scale_records.talents(sizes.talents, codes, today=today, seed=seed),
        "reports": scale_records.reports(sizes.reports, codes, today=today, seed=seed),
        "expenses": scale_records.expenses(sizes.expenses, codes, payees["supplier"], today=today, seed=seed),
    }
