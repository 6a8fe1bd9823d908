"""A history can be trusted: every step of it can be replayed in the readable form and lands on the next snapshot."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.optimizers import OPTIMIZERS
from core.runs import Run, recording_interval
from core.training import Training, explain, train
from tests.test_heads import TASKS, D, V


def run_of(name="classifier", optimizer="Adam", **changes):
    rate = {"SGD": 0.5, "Momentum": 0.2, "Nesterov": 0.2, "RMSprop": 0.01}.get(optimizer, 0.05)
    run = Run(
        task=TASKS[name], num_embeddings=V, embedding_dim=D, optimizer=OPTIMIZERS[optimizer](rate), steps=12, seed=4
    )
    return replace(run, **changes)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [None, 2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_replaying_any_step_lands_on_the_next_snapshot(task, optimizer, batch_size, dtype):
    history = train(run_of(task, optimizer, batch_size=batch_size, dtype=dtype))
    tolerance = 100 * np.finfo(dtype).eps
    for step in (0, 1, 7, 11):
        explained = explain(history, step)
        assert_array_equal(explained.before, history.snapshots[step])
        assert_allclose(explained.after, history.snapshots[step + 1], rtol=tolerance, atol=tolerance)
        assert_allclose(explained.head.loss, history.losses[step], rtol=tolerance)
        assert explained.before.dtype == dtype


@pytest.mark.parametrize("task", TASKS)
def test_portions_add_up_to_the_gradient_of_all_examples(task, monkeypatch):
    few = TASKS[task]
    many = few._replace(examples=few.examples.batch(np.arange(len(few.examples)).repeat(100)))  # each a hundred times
    whole = train(run_of(task, steps=3, dtype=np.float64))
    monkeypatch.setattr("core.batch_gradient.SCORES_AT_ONCE", 1)
    portions = train(run_of(task=many, steps=3, dtype=np.float64))
    if few.examples.noise is None:  # else the negatives of each are drawn
        assert_allclose(portions.losses, whole.losses)
        assert_allclose(portions.next_loss, whole.next_loss)
        assert_allclose(portions.snapshots, whole.snapshots, atol=1e-11)


def test_a_run_that_diverges_between_two_measured_losses_stops_too():
    run = replace(run_of("skip-gram", steps=50), optimizer=OPTIMIZERS["SGD"](1e30), record_every=50)
    history = train(run)
    assert history.divergence.startswith(f"step {len(history.losses) + 1} of 50: the parameters grow without bound")


def test_many_examples_of_few_labels_train_on_large_scores_too():
    task = TASKS["classifier"]
    many = task._replace(examples=task.examples.batch(np.arange(100) % len(task.examples)))
    history = train(run_of(task=many, start_scale=20.0, dtype=np.float64))
    explained = explain(history, 3)
    assert np.abs(explained.head.logits).max() > 100
    assert_allclose(history.losses[3], explained.head.loss)
    assert_allclose(explained.after, history.snapshots[4], rtol=1e-9)


def test_the_next_loss_is_the_one_that_a_longer_run_records():
    for batch_size in (None, 2):
        assert (
            train(run_of(batch_size=batch_size)).next_loss == train(run_of(batch_size=batch_size, steps=13)).losses[12]
        )


def test_the_same_seed_gives_the_same_history_and_another_seed_another():
    first, second, other = (train(run_of(seed=seed, batch_size=2)) for seed in (1, 1, 2))
    assert_array_equal(first.snapshots, second.snapshots)
    assert not np.array_equal(first.snapshots, other.snapshots)


@pytest.mark.parametrize("task", TASKS)
def test_the_loss_falls(task):
    history = train(run_of(task, steps=60))
    assert history.losses[-1] < history.losses[0]


def test_recording_less_often_keeps_the_same_tables():
    every, some = train(run_of()), train(run_of(record_every=5))
    assert_array_equal(some.recorded, [0, 5, 10, 12])
    assert_array_equal(some.snapshots, every.snapshots[some.recorded])
    assert_array_equal(some.losses[::5], every.losses[::5])
    assert_array_equal(np.flatnonzero(np.isfinite(some.losses)), [0, 5, 10])  # the others were not measured
    assert some.next_loss == every.next_loss


def test_a_run_can_be_interrupted_and_goes_on_as_if_it_had_not_been():
    training = Training(run_of(batch_size=2))
    training.advance(5)
    early = training.history
    assert (len(early.losses), early.snapshots.shape, training.done) == (5, (6, V, D), False)
    training.advance(100)
    assert training.done
    assert_array_equal(training.history.snapshots, train(run_of(batch_size=2)).snapshots)
    assert_array_equal(early.snapshots, training.history.snapshots[:6])


def test_two_threads_train_one_run_as_if_they_were_one():
    training = Training(run_of(batch_size=2, steps=400))
    with ThreadPoolExecutor(4) as threads:
        portions = [threads.submit(training.advance, 10) for _ in range(40)]
        seen = [training.history for _ in portions]
    assert_array_equal(training.history.snapshots, train(run_of(batch_size=2, steps=400)).snapshots)
    assert all(len(history.snapshots) == len(history.losses) + 1 for history in seen)


def test_a_diverging_run_stops_and_says_at_which_step_and_why():
    history = train(replace(run_of("skip-gram", steps=50), optimizer=OPTIMIZERS["SGD"](1e30)))
    assert len(history.losses) < 50
    assert history.divergence.startswith(f"step {len(history.losses) + 1} of 50: ")
    assert np.isfinite(history.snapshots).all()
    assert np.isfinite(history.losses).all()
    assert train(run_of()).divergence == ""


def test_every_epoch_sees_every_example_once():
    training = Training(run_of("skip-gram", batch_size=7))
    seen = []
    for _ in range(5):
        seen.append(training.explain_next().examples.targets)
        training.advance(1)
    assert_array_equal(np.sort(np.concatenate(seen)), np.sort(TASKS["skip-gram"].examples.targets))


def test_no_steps_leave_the_untrained_table():
    history = train(run_of(steps=0))
    assert history.snapshots.shape == (1, V, D)
    with pytest.raises(ValueError, match=r"step must lie in \[0, 0\), got 0"):
        explain(history, 0)


def test_records_cannot_be_written_to():
    history = train(run_of())
    with pytest.raises(ValueError, match="read-only"):
        history.snapshots[0] = 0


def test_long_recordings_are_thinned_to_a_limit():
    assert recording_interval(2000, 200, 16) == 1
    assert recording_interval(2000, 1000, 16) == 4
    assert recording_interval(0, 1000, 16) == 1


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_frozen_table_keeps_the_rows_it_was_given_while_the_head_learns(optimizer):
    rows = np.random.default_rng(1).normal(0, 1, (V, D)).astype(np.float32)
    history = train(run_of(optimizer=optimizer, table=rows, frozen=True, steps=30))
    assert all(np.array_equal(table, rows) for table in history.snapshots)
    assert history.losses[-1] < history.losses[0]
    assert_array_equal(explain(history, 3).after, rows)


def test_a_given_table_is_where_training_starts():
    rows = np.random.default_rng(1).normal(0, 1, (V, D)).astype(np.float32)
    history = train(run_of(table=rows))
    assert_array_equal(history.snapshots[0], rows)
    assert not np.array_equal(history.snapshots[-1], rows)
    with pytest.raises(ValueError, match="given rows must have shape"):
        train(run_of(table=rows[:-1]))
