"""What stands in the log when something fails: the way there once, and nothing of what was being worked on."""

import logging
import sys

import pytest
import structlog
from django.conf import settings

CODE = "91330110MA2CE3LC2R"
FORMATTER = settings.LOGGING["formatters"]["structured"]


def failing(code: str) -> float:
    return 1 / len(code.replace(code, ""))


@pytest.mark.parametrize("renderer", [FORMATTER["processor"], structlog.processors.JSONRenderer(ensure_ascii=False)])
def test_a_failure_is_logged_with_the_way_there_and_without_what_was_worked_on(renderer):
    formatter = structlog.stdlib.ProcessorFormatter(renderer, foreign_pre_chain=FORMATTER["foreign_pre_chain"])
    try:
        failing(CODE)
    except ZeroDivisionError:
        record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Failed", (), sys.exc_info())
    line = formatter.format(record)
    assert line.count("Traceback") == line.count("in failing") == line.count("ZeroDivisionError: ") == 1
    assert CODE not in line
