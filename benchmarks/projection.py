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
    counted, calm, noisy = (
        train(run).snapshots
        for run in (long_run(COUNTED), long_run(BY_PAIRS, BATCH, rate=0.01), long_run(BY_PAIRS, BATCH))
    )
    frames = counted[1:]
    yield Table(
        f"Joint projection of {len(frames)} frames, V 200, D 16: time of scikit-learn's PCA / ours",
        ("", "ours, ms", "PCA, ms", "PCA / ours", "fit_transform alone / ours"),
        [_speed(frames, axes) for axes in AXES],
        "Both start from the frames as they were recorded and centre each on its mean. Ours also checks that they are\n"
        "finite, and finds limits and the share that each frame shows. The last column spares PCA the centring.",
    )
    yield Table(
        "Still axes, over a run of 2000 steps",
        ("", "jitter", "with each frame's own axes", "their flips", "last frame's variance shown / by its own axes"),
        [
            *(row for axes in AXES for row in _stillness("counted skip-gram, rate 0.05", counted, axes)),
            *(row for axes in AXES for row in _stillness("skip-gram by 64 pairs, rate 0.01", calm, axes)),
            *(row._replace(bar=None) for axes in AXES for row in _stillness("... rate 0.05", noisy, axes)),
        ],
        "Jitter: how far the axes alone move the points from step to step, in radii of the picture. At rate 0.05 the last\n"
        "frame of a run by pairs is partly noise, which its own axes show best: no bar.",
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
    """Two rows: the axes do not move, and they show about as much as axes made for the last frame alone."""
    projection, own, bases = project(snapshots, axes), project(snapshots[-1:], axes), per_frame_bases(snapshots, axes)
    moved, name = jitter(snapshots, projection.basis), f"{what}, {axes} axes"
    wander = (f"{jitter(snapshots, bases):.3f}", f"{flips(bases):,}")
    yield Row((name, f"{moved:g}", *wander, ""), moved, Bar(0, unit=""))
    share = float(projection.shown[-1] / own.shown[-1])
    yield Row(("", "", "", "", f"{share:.3f}"), share, Bar(0.95, at_most=False, unit=""))
