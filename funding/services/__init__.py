"""Acts on loans, their repayments and projects, by noun: `loans`, `repayments`, `projects`.

Each is atomic, takes keywords only, names who acts in `by`, and tells of itself in the outbox. NotAllowed, Incomplete
and Conflict say why it was refused; then nothing has changed. Nothing is deleted: what was entered in error is declared
void, with the reason.
"""
