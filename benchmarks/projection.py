"""The joint projection of a run against scikit-learn's PCA, and whether its axes are still and show enough."""

from collections.abc import Iterator
from timeit import Timer

import numpy as np
from numpy.testing import assert_allclose
from sklearn.decomposition import PCA

from benchmarks.clock import seconds
from benchmarks.tables import Bar, Row, Table, milliseconds, ratio, short
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
    runs = (("counted, rate 0.05", counted), ("by 64 pairs, rate 0.01", calm), ("by 64 pairs, rate 0.05", noisy))
    cases = [(f"{what}, {axes} axes", snapshots, axes) for what, snapshots in runs for axes in AXES]
    yield Table(
        "How far the axes alone move the points from step to step, in radii of the picture: 2000 steps of skip-gram",
        ("", "joint axes", "each frame's own", "flips of those"),
        [_stillness(*case) for case in cases],
    )
    yield Table(
        "Share of the last frame's variance that is shown",
        ("", "joint axes", "its own axes", "joint / own"),
        [_share_shown(*case, Bar(0.95, at_most=False) if case[1] is not noisy else None) for case in cases],
        "At rate 0.05 the last frame of a run by pairs is partly noise, which its own axes show best: no bar.",
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


def _stillness(what: str, snapshots: FloatArray, axes: int) -> Row:
    bases = per_frame_bases(snapshots, axes)
    moved = jitter(snapshots, project(snapshots, axes).basis)
    cells = (what, short(moved), f"{jitter(snapshots, bases):.3f}", f"{flips(bases):,}")
    return Row(cells, moved, Bar(0, unit=""))


def _share_shown(what: str, snapshots: FloatArray, axes: int, bar: Bar | None) -> Row:
    joint, own = (float(project(frames, axes).shown[-1]) for frames in (snapshots, snapshots[-1:]))
    return Row((what, f"{joint:.3f}", f"{own:.3f}", f"{joint / own:.3f}x"), joint / own, bar)
