"""What happens to long work when a part of the portal is killed: real processes, on servers of their own."""

import pytest

pytest.register_assert_rewrite("tests.faults.outcome", "tests.faults.site")
