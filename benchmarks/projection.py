"""The joint projection of a run against scikit-learn's PCA, and whether its axes are still and show enough."""

from collections.abc import Iterator
from timeit import Timer

import numpy as np
from numpy.testing import assert_allclose
from sklearn.decomposition import PCA

from benchmarks.clock import seconds
from benchmarks.tables import Bar, Row, Table, milliseconds, ratio
from benchmarks.text import BY_PAIRS, COUNTED
from benchmarks.training import BATCH, long_run
from core.projection import flips, jitter, per_frame_bases, project
from core.records import FloatArray
from core.training import train

AXES = (2, 3)


def tables() -> Iterator[Table]:
    runs = {"counted skip-gram": long_run(COUNTED), "skip-gram by 64 pairs": long_run(BY_PAIRS, BATCH)}
    histories = {what: train(run).snapshots for what, run in runs.items()}
    frames = histories["counted skip-gram"][1:]
    yield Table(
        f"Joint projection of {len(frames)} frames, V 200, D 16: time of scikit-learn's PCA / ours",
        ("", "ours, ms", "PCA, ms", "PCA / ours", "fit_transform alone / ours"),
        [_speed(frames, axes) for axes in AXES],
        "Both start from the frames as they were recorded and centre each on its mean. Ours also checks that they are\n"
        "finite, and finds limits and the share that each frame shows. The last column spares PCA the centring.",
    )
    yield Table(
        "Still axes, over a run of 2000 steps",
        ("", "", "jitter", "flips", "shown of the last frame / by its own axes"),
        [row for what, snapshots in histories.items() for axes in AXES for row in _stillness(what, snapshots, axes)],
        "Jitter: how far the axes alone move the points from step to step, in radii of the picture.",
    )


def _stacked(frames: FloatArray) -> FloatArray:
    """Centre each frame (F, V, D) on its mean, as a product for speed, and stack them: (F V, D)."""
    rows = frames.shape[1]
    middles = np.full((1, rows), 1 / rows, frames.dtype) @ frames
    return np.asarray((frames - middles).reshape(-1, frames.shape[2]))


def _speed(frames: FloatArray, axes: int) -> Row:
    stacked = _stacked(frames)
    theirs, ours = PCA(axes).fit_transform(stacked), project(frames, axes).coordinates.reshape(-1, axes)
    assert_allclose(np.abs(ours), np.abs(theirs), atol=2e-3 * np.abs(theirs).max())  # their signs are their own
    timers = {
        "ours": Timer(lambda: project(frames, axes)),
        "PCA": Timer(lambda: PCA(axes).fit_transform(_stacked(frames))),
        "fit": Timer(lambda: PCA(axes).fit_transform(stacked)),
    }
    taken = seconds(timers, rounds=21)
    found = ratio(taken["PCA"], taken["ours"])
    cells = (f"on {axes} axes", milliseconds(taken["ours"]), milliseconds(taken["PCA"]), str(found))
    return Row((*cells, str(ratio(taken["fit"], taken["ours"]))), found.median, Bar(1.2, at_most=False))


def _stillness(what: str, snapshots: FloatArray, axes: int) -> Iterator[Row]:
    projection, own = project(snapshots, axes), project(snapshots[-1:], axes)
    moved = jitter(snapshots, projection.basis)
    share = float(projection.shown[-1] / own.shown[-1])
    yield Row((f"{what}, {axes} axes", "joint: jitter", f"{moved:g}", "0", ""), moved, Bar(0, unit=""))
    yield Row(("", "joint: shown", "", "", f"{share:.3f}"), share, Bar(0.95, at_most=False, unit=""))
    bases = per_frame_bases(snapshots, axes)
    yield Row(("", "each frame's own", f"{jitter(snapshots, bases):.3f}", f"{flips(bases):,}", "1"))
