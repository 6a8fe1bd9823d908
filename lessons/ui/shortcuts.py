"""The keys that every page understands, and the list of them behind "?" (assets/keys.js)."""

from lessons.ui.assets import asset_component


def shortcuts() -> None:
    """Listen to the keyboard, and draw the small button that opens the list."""
    asset_component("keys")()  # without a key it costs no radio of the page a look at it
