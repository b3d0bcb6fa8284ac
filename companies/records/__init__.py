"""Pages of what the portal has on record about companies, the same for every kind: list, record, form, void.

An app declares a kind (`kinds`) out of its model, forms, table and services, and gets its pages (`views`). What is
different from kind to kind, it writes itself.
"""
