"""The player of the evolving space: a table's rows over a whole training run, played in the browser.

The run goes to the browser once; playing, scrubbing, words and trails cost no rerun.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from streamlit.components.v2.bidi_component import ComponentResult

from lessons.ui.assets import asset_component

ARRAYS = ("snapshots", "coordinates", "steps", "losses", "shown", "kept")


def space(
    *,
    words: Sequence[str],
    groups: Sequence[str],
    snapshots: ArrayLike,
    coordinates: ArrayLike,
    steps: ArrayLike,
    losses: ArrayLike,
    shown: ArrayLike,
    kept: ArrayLike,
    axis_titles: Sequence[str],
    key: str,
    step: int = 0,
    word: str = "",
    trails: bool = False,
    play_token: int = 0,
    explain: bool = True,
    coloured: bool = True,
    order: Sequence[str] = (),
    note: str = "Axes fixed for the whole run",
    unfinished: str = "Nothing to play yet: the table is untrained.",
) -> ComponentResult:
    """Draw the player; `.explain` of the result is the training step the learner asked about, or None.

    words, groups: V each; a reserved row has the group "". snapshots: (F, V, D), the table at each frame.
    coordinates: (F, V, k), k = 2 or 3, the same rows on the fixed axes of the page; axis_titles: k.
    steps: (F,), ascending, the training step of each frame. losses: index = training step, nan = not measured.
    shown: (F,), share of the spread (0 to 1) that is on the page. kept: (F,), rows whose nearest neighbour
    in all D dimensions is also the nearest on the page.
    coloured: whether the groups show at first. order: of the groups, which gives them their colours and shapes; else
    as the words name them. note: what is said of the axes, under the plot.
    step, word, trails, coloured: where to begin; a later rerun moves the learner only if it gives another value than
    before.
    play_token: a larger one than before plays from the first frame. explain: offer the button.
    unfinished: why the controls are off when F = 1. Raises ValueError if lengths disagree.
    """
    arrays = _arrays(snapshots=snapshots, coordinates=coordinates, steps=steps, losses=losses, shown=shown, kept=kept)
    _check(arrays, words, groups, axis_titles)
    header = {"words": list(words), "groups": list(groups), "order": list(order), "axes": list(axis_titles)}
    begin = {
        "key": key,
        "step": int(step),
        "word": word,
        "trails": trails,
        "colours": coloured,
        "token": int(play_token),
    }
    payload = pack(header | begin | {"explain": explain, "unfinished": unfinished, "note": note}, arrays)
    return asset_component("space")(key=key, data=payload, default={"explain": None}, on_explain_change=_nothing)


def pack(header: Mapping[str, Any], arrays: Mapping[str, NDArray[np.float32]]) -> bytes:
    """One payload: the header's length (4 bytes, little-endian), the header (JSON, padded to 4), float32 arrays.

    The header gains `arrays`, [name, shape] in order, and `id`, the same for the same words and numbers.
    """
    body = b"".join(array.tobytes() for array in arrays.values())
    names = json.dumps([header.get("words"), header.get("groups"), header.get("axes")]).encode()
    shapes = [[name, list(array.shape)] for name, array in arrays.items()]
    run_id = blake2b(body + names, digest_size=8).hexdigest()
    text = json.dumps(dict(header) | {"arrays": shapes, "id": run_id}).encode()
    text += b" " * (-len(text) % 4)
    return len(text).to_bytes(4, "little") + text + body


def _arrays(**given: ArrayLike) -> dict[str, NDArray[np.float32]]:
    return {name: np.ascontiguousarray(given[name], dtype="<f4") for name in ARRAYS}


def _check(
    arrays: Mapping[str, NDArray[np.float32]], words: Sequence[str], groups: Sequence[str], titles: Sequence[str]
) -> None:
    frames, rows, _ = arrays["snapshots"].shape
    axes = len(titles)
    if axes not in (2, 3) or arrays["coordinates"].shape != (frames, rows, axes):
        raise ValueError(f"coordinates must be ({frames}, {rows}, 2 or 3) with a title for each axis")
    if not len(words) == len(groups) == rows:
        raise ValueError(f"{rows} rows, but {len(words)} words and {len(groups)} groups")
    if any(arrays[name].shape != (frames,) for name in ("steps", "shown", "kept")):
        raise ValueError(f"steps, shown and kept must have one number for each of the {frames} frames")


def _nothing() -> None:
    """A state of the component exists in its result only if a callback is named for it."""
