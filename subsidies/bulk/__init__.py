"""Set-based writes: only what changed, by COPY, in the transaction of the caller, who holds the companies' locks."""
