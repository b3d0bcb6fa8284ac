"""How large the zone of these tests is, and the days that they decide and bill for."""

import datetime as dt

COMPANIES, LEASES = 1_500, 2_000
SHARD, SHARDS = 50, 30
ID_STEP = 2048  # a shard is 25 whole blocks of ids, each with a lock of its own
FIRST_ID = 100 * ID_STEP
POINTS = 8

DAY = dt.date(2026, 6, 15)
MONTH = dt.date(2026, 5, 1)

WORKSPACE = "S-0000007"  # the company whose owner signs in
MEMBER = "owner@example.org"
DECIDED_ALONE = "S-0000100"
