"""Progress of a long command on a terminal; silent where nobody watches (pipes, logs, tests)."""

import sys
from types import TracebackType
from typing import Any

from tqdm import tqdm


class Bars:
    """One bar a stage: the `progress` of what reports (stage, done, total). Leaving the block closes the last one."""

    def __init__(self, unit: str = ""):
        self.unit = unit
        self.bar: Any = None
        self.watched = sys.stderr.isatty()

    def __enter__(self) -> "Bars":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if not self.watched:
            return
        if self.bar is None or self.bar.desc != stage:
            self._close()
            self.bar = tqdm(desc=stage, unit=self.unit, unit_scale=True, leave=True)
            self.bar.desc = stage
        self.bar.total = total or None
        self.bar.n = done
        self.bar.refresh()

    def _close(self) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None
