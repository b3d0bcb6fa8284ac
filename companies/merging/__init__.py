"""How everything that is on record about a company is merged into another: one rule for each relation, by its app.

`rules` says what a rule is and knows all of them; `register` has those of the register itself; the apps above bring
theirs in `AppConfig.ready`. `services.merges` carries them out.
"""
