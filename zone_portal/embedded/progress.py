"""What the person at the terminal sees of the start: one line a step, with the time it took."""

import time


def say(text: str) -> None:
    print(text, flush=True)


class Clock:
    """Prints each step with the seconds since the one before it."""

    def __init__(self) -> None:
        self.begun = self.last = time.monotonic()

    def lap(self, done: str) -> None:
        now = time.monotonic()
        say(f"  {now - self.last:5.1f} s  {done}")
        self.last = now

    def resume(self) -> None:
        """Leave out the time since the last step: somebody else has told of it."""
        self.last = time.monotonic()

    @property
    def total(self) -> float:
        return time.monotonic() - self.begun
