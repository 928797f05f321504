import pytest


@pytest.fixture(autouse=True)
def _as_planner(planner: None) -> None:
    """Pages are opened as a planner sees them; other roles: ``tests/system/test_roles.py``."""
