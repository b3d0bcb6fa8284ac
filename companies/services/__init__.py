"""Acts on the register and on applications, by noun: `register`, `people`, `reports`, `invitations`, `applications`,
`admission`.

Each act is atomic, takes keywords only, names who acts in `by`, and tells of itself in the outbox. NotAllowed,
Incomplete and Conflict say why it was refused; then nothing has changed.
"""
