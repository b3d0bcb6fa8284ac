"""The contract of a lease as a paper: `document` says it in words, `contract.typ` sets it."""
