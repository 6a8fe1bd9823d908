"""The keys that every page understands, and the list of them behind "?" (assets/keys.js)."""

from lessons.ui.assets import asset_component


def shortcuts(page: str) -> None:
    """Listen to the keyboard, and draw the small button that opens the list; a page that is new begins at its top."""
    asset_component("keys")(data={"page": page})  # without a key it costs no radio of the page a look at it
