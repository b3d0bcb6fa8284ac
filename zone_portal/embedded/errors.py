"""The one error of this package: what stands in the way, and the way out."""


class EmbeddedError(Exception):
    """The servers cannot be had. The message is for whoever typed the command; it needs no traceback."""
