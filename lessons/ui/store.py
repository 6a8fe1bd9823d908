"""Results that all visitors share: what one of a class has had computed, the others find."""

from collections.abc import Hashable
from typing import Any


def keep(store: dict[Any, Any], key: Hashable, value: Any, most: int) -> None:
    """Keep a result; the oldest go, so that no more than `most` stay. Visitors' threads may do so at the same time."""
    store[key] = value
    for old in list(store)[:-most]:
        store.pop(old, None)
