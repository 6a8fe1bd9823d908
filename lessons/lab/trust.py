"""How far the picture of the last step may be trusted: neighbours, groups, and axes that hold still."""

import numpy as np
import streamlit as st

from core.fidelity import silhouette, trust
from core.projection import flips, jitter, per_frame_bases
from core.records import FloatArray
from core.runs import History
from lessons.lab.training import Picture, Settings
from lessons.ui.lesson import figures
from lessons.ui.numbers import plain, signed

NEIGHBOURS = 5


@st.cache_data(max_entries=64, show_spinner="Comparing the picture with the table …")
def trust_figures(settings: Settings, _history: History, _picture: Picture, length: int, dimensions: int) -> str:
    """HTML of the numbers, for the words' rows after the last step; reserved rows are left out."""
    reserved = settings.words.vocabulary.reserved
    points, page = _history.snapshots[-1][reserved:], _picture.projection.coordinates[-1][reserved:]
    entries = []
    if len(points) > 2:
        count = min(NEIGHBOURS, (len(points) - 1) // 2)
        entries.append(
            ("Trustworthiness", plain(trust(points, page, count), 3), f"1 if the {count} nearest on the page are near")
        )
    frames, basis = _picture.snapshots[:, reserved:], _picture.projection.basis
    own = per_frame_bases(frames, dimensions)
    entries += [
        ("Axes that hold still", plain(jitter(frames, basis), 3), "axis jitter of this picture, in radii a frame"),
        ("Axes of their own", plain(jitter(frames, own), 3), f"jitter if every frame had its PCA; {flips(own)} flips"),
        *_separation(settings, points, page),
    ]
    return figures(*entries)


def _separation(settings: Settings, points: FloatArray, page: FloatArray) -> list[tuple[str, str, str]]:
    known = settings.words.corpus.groups
    groups = [known.get(word, "other") for word in settings.words.vocabulary.tokens[-len(points) :]]
    if not 2 <= len(set(groups)) < len(groups):
        return []
    rng = np.random.default_rng(0)
    full, seen = silhouette(points, groups, rng), silhouette(page, groups, rng)
    return [
        ("Groups in all dimensions", signed(full.score, 2), f"silhouette; by chance {signed(full.chance, 2)}"),
        ("Groups on the page", signed(seen.score, 2), f"silhouette; by chance {signed(seen.chance, 2)}"),
    ]
