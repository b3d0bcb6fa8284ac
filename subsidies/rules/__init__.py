"""The rules engine: what a company is entitled to, and why.

Pure: frames of facts, dated parameters and a day go in; decisions, explanations and rent lines come out. Money is
integer fen, areas are integers of 0.01 m², time is always an argument. A missing fact is null and stays *unknown*
(Kleene's three values); an error refuses the run, it never grants and never pays 0. Nothing in here imports Django or
reads a database.
"""
