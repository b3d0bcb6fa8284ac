"""The certificate of a decision, as a page, as JSON and as PDF, and the code by which anybody checks it."""
