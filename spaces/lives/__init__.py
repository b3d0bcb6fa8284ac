"""The life of a lease: renewed, changed from a day on, moved, split, merged, ended early.

A lease keeps one unit, one area, one price and one term. What changes from a day on ends it on the day before and
begins another, and `Succession` says what became of what. `plans` says what an act would do, `acts` names the acts with
their forms, `lineage` reads a life back; the acts themselves are in `spaces.services`.
"""
