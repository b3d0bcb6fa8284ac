"""Machine keys: `<prefix>.<secret>`. The prefix finds the row, only a hash of the secret is kept.

The secret has 256 random bits, so a plain SHA-256 is enough: there is nothing to guess and nothing to stretch.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

PREFIX_BYTES = 6
SECRET_BYTES = 32


@dataclass(frozen=True)
class NewKey:
    """What a key's maker sees once."""

    prefix: str
    secret: str

    @property
    def token(self) -> str:
        return f"{self.prefix}.{self.secret}"


def make() -> NewKey:
    return NewKey(secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES))


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, secret_hash: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(hash_of(secret), secret_hash)
