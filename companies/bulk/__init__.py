"""Set-based writes of the register: what an import brings, in a fixed number of statements whatever its size.

Frames are Polars frames that the reader of files has already typed and checked row by row. Each function is atomic,
takes a lock that lets one bulk write run at a time, may be repeated (a second run changes nothing) and leaves the
audit trail to the triggers. What only the register as a whole can tell (a credit code that another company holds, a
code nobody has) is refused here with the rows' codes, and then nothing is written.
"""

from companies.bulk.register import COLUMNS, namesakes, upsert_companies
from companies.bulk.relations import upsert_relations
from companies.bulk.staging import Upserted

__all__ = ["COLUMNS", "Upserted", "namesakes", "upsert_companies", "upsert_relations"]
