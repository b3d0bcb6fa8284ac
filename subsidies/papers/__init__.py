"""Papers besides the certificates: what a page shows, to keep and to send."""
