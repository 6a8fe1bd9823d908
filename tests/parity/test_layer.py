"""The whole layer against torch.nn.Embedding, EmbeddingBag, Linear and torch.nn.functional."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from core.bags import bags_of
from core.embedding_bag import MODES, embedding_bag, embedding_bag_gradient, sample_weights_gradient
from core.gradient import dense_gradients, divided_by_count, frozen, matmul_gradient, scatter_add
from core.initializers import given as given_rows
from core.norms import renormalised
from core.padding import padded_table, without_padding
from core.sparse import sparse_gradient
from core.table import check_indices, dense, lookup, matmul_lookup, one_hot
from core.tying import tied_gradient, tied_logits, tied_logits_gradients
from tests.parity.agreement import agrees, random_bags, random_layers

NORMS = st.sampled_from([0.5, 1.0, 2.0, 3.0, np.inf])


def tensor(array, grad=True):
    copied = torch.tensor(array)
    return copied.requires_grad_() if grad else copied


def same(option, ours, theirs):
    agrees(option, "PyTorch", ours, theirs.detach().numpy())


# ---------------------------------------------------------------- look-up and gradient


@given(random_layers(max_dims=3))
def test_lookup_and_scatter_add(layer):
    weight, upstream, ids = layer
    table = tensor(weight)
    output = functional.embedding(tensor(ids, grad=False), table)
    output.backward(tensor(upstream, grad=False))
    same("look-up", lookup(weight, ids), output)
    same("one-hot product", matmul_lookup(weight, ids), output)
    same("gradient: scatter-add", scatter_add(ids, upstream, len(weight)), table.grad)
    same("gradient: one-hot transpose", matmul_gradient(ids, upstream, len(weight)), table.grad)


@given(random_layers())
def test_one_hot_rows(layer):
    weight, _, ids = layer
    theirs = functional.one_hot(tensor(ids, grad=False), len(weight)).to(tensor(weight).dtype)
    same("one-hot rows", one_hot(ids, len(weight), weight.dtype), theirs)


@given(random_layers(), st.data())
def test_padding_idx(layer, data):
    weight, upstream, ids = layer
    padding_idx = data.draw(st.integers(-len(weight), len(weight) - 1))
    embedding = torch.nn.Embedding(*weight.shape, padding_idx=padding_idx)
    start = embedding.weight.detach().numpy()
    assert not start[padding_idx].any()
    same("padding_idx: start", padded_table(start, padding_idx), embedding.weight)
    embedding = torch.nn.Embedding.from_pretrained(tensor(weight, grad=False), freeze=False, padding_idx=padding_idx)
    output = embedding(tensor(ids, grad=False))
    output.backward(tensor(upstream, grad=False))
    same("padding_idx: look-up", lookup(weight, ids), output)
    kept = without_padding(ids, upstream, len(weight), padding_idx)
    same("padding_idx: gradient", scatter_add(*kept, len(weight)), embedding.weight.grad)


@given(random_layers(), st.data())
def test_scale_grad_by_freq(layer, data):
    weight, upstream, ids = layer
    padding_idx = data.draw(st.none() | st.integers(0, len(weight) - 1))
    table = tensor(weight)
    output = functional.embedding(tensor(ids, grad=False), table, padding_idx=padding_idx, scale_grad_by_freq=True)
    output.backward(tensor(upstream, grad=False))
    scaled = divided_by_count(ids, upstream, len(weight))
    if padding_idx is not None:
        ids, scaled = without_padding(ids, scaled, len(weight), padding_idx)
    same("scale_grad_by_freq", scatter_add(ids, scaled, len(weight)), table.grad)


@given(random_layers(), st.data())
def test_sparse_gradients(layer, data):
    weight, upstream, ids = layer
    padding_idx = data.draw(st.none() | st.integers(0, len(weight) - 1))
    table = tensor(weight)
    output = functional.embedding(tensor(ids, grad=False), table, padding_idx=padding_idx, sparse=True)
    output.backward(tensor(upstream, grad=False))
    if padding_idx is not None:
        ids, upstream = without_padding(ids, upstream, len(weight), padding_idx)
    ours = sparse_gradient(ids, upstream, len(weight))
    np.testing.assert_array_equal(ours.indices, table.grad._indices()[0])
    same("sparse gradient: entries", ours.values, table.grad._values())
    np.testing.assert_array_equal(ours.coalesced().indices, table.grad.coalesce().indices()[0])
    same("sparse gradient: coalesced", ours.coalesced().values, table.grad.coalesce().values())
    same("sparse gradient: dense", ours.dense(), table.grad.to_dense())


@given(random_layers(), st.floats(0.0625, 4), NORMS)
def test_max_norm(layer, max_norm, norm_type):
    weight, upstream, ids = layer
    parameter = torch.nn.Parameter(tensor(weight, grad=False))
    embedding = torch.nn.Embedding(*weight.shape, max_norm=max_norm, norm_type=norm_type, _weight=parameter)
    output = embedding.eval()(tensor(ids, grad=False))  # in evaluation too
    output.backward(tensor(upstream, grad=False))
    shortened = renormalised(weight, ids, max_norm, norm_type)
    same("max_norm: table", shortened, embedding.weight)
    same("max_norm: look-up", lookup(shortened, ids), output)
    same("max_norm: gradient", scatter_add(ids, upstream, len(weight)), embedding.weight.grad)


@given(random_layers(), st.data())
def test_frozen_rows(layer, data):
    weight, upstream, ids = layer
    rows = data.draw(st.lists(st.integers(0, len(weight) - 1), unique=True))
    kept = torch.ones(len(weight), 1, dtype=tensor(weight).dtype)
    kept[rows] = 0
    table = tensor(weight)
    table.register_hook(lambda gradient: gradient * kept)
    functional.embedding(tensor(ids, grad=False), table).backward(tensor(upstream, grad=False))
    same("frozen rows", frozen(scatter_add(ids, upstream, len(weight)), rows), table.grad)


@given(random_layers(max_dims=1), st.integers(0, 1000))
def test_tied_output(layer, seed):
    weight, upstream, ids = layer
    grad_logits = np.random.default_rng(seed).normal(size=(len(ids), len(weight))).astype(weight.dtype)
    table = tensor(weight)
    rows = functional.embedding(tensor(ids, grad=False), table)
    hidden = rows * tensor(upstream, grad=False)  # something between the two uses
    logits = functional.linear(hidden, table)
    hidden.retain_grad()
    logits.backward(tensor(grad_logits, grad=False))
    ours = lookup(weight, ids) * upstream
    same("tied output: scores", tied_logits(ours, weight), logits)
    below = tied_logits_gradients(ours, weight, grad_logits).hidden
    same("tied output: gradient of hidden", below, hidden.grad)
    same("tied output: gradient of the table", tied_gradient(ids, below * upstream, ours, grad_logits), table.grad)


@given(random_layers(), st.integers(0, 1000))
def test_dense_with_bias(layer, seed):
    kernel, upstream, ids = layer
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(*ids.shape, len(kernel))).astype(kernel.dtype)
    bias = rng.normal(size=kernel.shape[1]).astype(kernel.dtype)
    linear = torch.nn.Linear(*kernel.shape, dtype=tensor(kernel).dtype)
    linear.weight.data, linear.bias.data = tensor(kernel.T, grad=False), tensor(bias, grad=False)
    given_inputs = tensor(inputs)
    output = linear(given_inputs)
    output.backward(tensor(upstream, grad=False))
    gradients = dense_gradients(inputs, kernel, upstream)
    same("Dense with bias: output", dense(inputs, kernel, bias), output)
    same("Dense with bias: gradient of inputs", gradients.inputs, given_inputs.grad)
    same("Dense with bias: gradient of kernel", gradients.kernel, linear.weight.grad.T)
    same("Dense with bias: gradient of bias", gradients.bias, linear.bias.grad)


def test_given_rows_are_frozen_unless_one_says_otherwise():
    rows = np.arange(6.0).reshape(3, 2)
    embedding = torch.nn.Embedding.from_pretrained(tensor(rows, grad=False))
    same("given rows", given_rows(rows)(np.random.default_rng(0), 3, 2), embedding.weight)
    assert not embedding.weight.requires_grad


# ---------------------------------------------------------------- pooled look-up


def their_bags(layer, table, mode, **options):
    _, ids, offsets, padding_idx, _ = layer
    starts = None if offsets is None else tensor(offsets, grad=False)
    return functional.embedding_bag(
        tensor(ids, grad=False), table, starts, mode=mode, padding_idx=padding_idx, **options
    )


@pytest.mark.parametrize("mode", MODES)
@given(layer=random_bags())
def test_pooled_lookup(mode, layer):
    weight, ids, offsets, padding_idx, upstream = layer
    table = tensor(weight)
    output = their_bags(layer, table, mode)
    output.backward(tensor(upstream, grad=False))
    bags = bags_of(ids, len(weight), offsets, padding_idx)
    same(f"EmbeddingBag {mode}", embedding_bag(weight, bags, mode), output)
    same(f"EmbeddingBag {mode}: gradient", embedding_bag_gradient(weight, bags, upstream, mode), table.grad)


@given(random_bags())
def test_the_first_of_equals_gets_the_gradient_of_a_maximum(layer):
    weight, ids, offsets, padding_idx, upstream = layer
    weight = np.round(weight)  # many ties
    table = tensor(weight)
    their_bags(layer, table, "max").backward(tensor(upstream, grad=False))
    bags = bags_of(ids, len(weight), offsets, padding_idx)
    same("EmbeddingBag max: gradient with ties", embedding_bag_gradient(weight, bags, upstream, "max"), table.grad)


@given(random_bags(), st.integers(0, 1000))
def test_per_sample_weights(layer, seed):
    weight, ids, offsets, padding_idx, upstream = layer
    numbers = np.random.default_rng(seed).normal(size=ids.shape).astype(weight.dtype)
    table, theirs = tensor(weight), tensor(numbers)
    output = their_bags(layer, table, "sum", per_sample_weights=theirs)
    output.backward(tensor(upstream, grad=False))
    bags = bags_of(ids, len(weight), offsets, padding_idx)
    by_table = embedding_bag_gradient(weight, bags, upstream, "sum", numbers)
    by_numbers = sample_weights_gradient(weight, bags, upstream)
    same("per_sample_weights", embedding_bag(weight, bags, "sum", numbers), output)
    same("per_sample_weights: gradient of the table", by_table, table.grad)
    same("per_sample_weights: gradient of the weights", by_numbers, theirs.grad)


@pytest.mark.parametrize("mode", MODES)
@given(layer=random_bags(), max_norm=st.floats(0.0625, 4), norm_type=NORMS)
def test_pooled_lookup_with_max_norm(mode, layer, max_norm, norm_type):
    weight, ids, offsets, padding_idx, _ = layer
    table = tensor(weight, grad=False)
    output = their_bags(layer, table, mode, max_norm=max_norm, norm_type=norm_type)
    shortened = renormalised(weight, ids, max_norm, norm_type)  # padding too
    same(f"EmbeddingBag {mode} with max_norm: table", shortened, table)
    bags = bags_of(ids, len(weight), offsets, padding_idx)
    same(f"EmbeddingBag {mode} with max_norm", embedding_bag(shortened, bags, mode), output)


@pytest.mark.parametrize("mode", ["sum", "mean"])
@given(layer=random_bags())
def test_sparse_gradients_of_a_pooled_lookup(mode, layer):
    weight, ids, offsets, padding_idx, upstream = layer
    table = tensor(weight)
    their_bags(layer, table, mode, sparse=True).backward(tensor(upstream, grad=False))
    bags = bags_of(ids, len(weight), offsets, padding_idx)
    ours = embedding_bag_gradient(weight, bags, upstream, mode)
    same(f"EmbeddingBag {mode}: sparse gradient", ours, table.grad.to_dense())


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("mode", ["sum", "mean"])
def test_large_bags_with_each_row_read_about_forty_times(mode, dtype):
    rng = np.random.default_rng(0)
    weight, upstream = (rng.normal(size=(rows, 16)).astype(dtype) for rows in (50, 100))
    ids, padding_idx = rng.integers(0, 50, (100, 20)), 7
    table = tensor(weight)
    output = their_bags((weight, ids, None, padding_idx, upstream), table, mode)
    output.backward(tensor(upstream, grad=False))
    bags = bags_of(ids, 50, padding_idx=padding_idx)
    same(f"EmbeddingBag {mode}, 2,000 ids", embedding_bag(weight, bags, mode), output)
    same(f"EmbeddingBag {mode}, 2,000 ids: gradient", embedding_bag_gradient(weight, bags, upstream, mode), table.grad)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_scatter_add_of_two_thousand_ids(dtype):
    rng = np.random.default_rng(0)
    weight, upstream = (rng.normal(size=(rows, 16)).astype(dtype) for rows in (50, 2000))
    ids, table = rng.integers(0, 50, 2000), tensor(weight)
    functional.embedding(tensor(ids, grad=False), table).backward(tensor(upstream, grad=False))
    same("gradient: scatter-add, 2,000 ids", scatter_add(ids, upstream, 50), table.grad)


# ---------------------------------------------------------------- what is refused, and what is not


@pytest.mark.parametrize("bad", [4, 100, -1])
def test_ids_that_the_table_does_not_own_raise_the_same_exception_and_say_which(bad):
    weight = np.ones((4, 2))
    with pytest.raises(IndexError, match="index out of range in self"):
        functional.embedding(torch.tensor([0, bad]), torch.tensor(weight))
    with pytest.raises(IndexError, match=rf"indices must lie in \[0, 4\), got {bad}$"):
        lookup(weight, [0, bad])


@pytest.mark.parametrize("bad", [4, -1])
@pytest.mark.parametrize("mode", MODES)
def test_a_bad_id_in_a_bag_is_a_runtime_error_as_in_pytorch_and_an_index_error_as_everywhere(mode, bad):
    with pytest.raises(RuntimeError, match=f"found idx to be {bad}|takes value {bad} "):
        functional.embedding_bag(torch.tensor([[bad]]), torch.ones(4, 2), mode=mode)
    for error in (RuntimeError, IndexError):
        with pytest.raises(error, match=rf"got {bad}$"):
            bags_of([[bad]], 4)


@pytest.mark.parametrize("dtype", ["float32", "float64", "bool"])
def test_ids_that_are_no_integers_are_refused_by_both(dtype):
    ids = np.array([0, 1], dtype)
    with pytest.raises(RuntimeError, match="one of the following scalar types: Long, Int"):
        functional.embedding(torch.tensor(ids), torch.ones(4, 2))
    with pytest.raises(TypeError, match=f"indices must be integers, got {dtype}"):
        check_indices(ids, 4)
    with pytest.raises(TypeError, match=r"must be Tensor, not numpy\.ndarray"):
        functional.embedding(ids, torch.ones(4, 2))


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_ids_of_32_and_64_bits_read_the_same_rows(dtype):
    weight, ids = np.arange(8.0).reshape(4, 2), np.array([3, 0], dtype)
    same(f"ids of {dtype}", lookup(weight, ids), functional.embedding(torch.tensor(ids), torch.tensor(weight)))


@pytest.mark.parametrize("padding_idx", [4, -5])
def test_a_padding_row_outside_the_table_is_refused_by_both(padding_idx):
    with pytest.raises(AssertionError, match="within num_embeddings"):
        torch.nn.Embedding(4, 2, padding_idx=padding_idx)
    with pytest.raises(ValueError, match="padding_idx must lie in"):
        padded_table(np.ones((4, 2)), padding_idx)


@pytest.mark.parametrize("mode", ["mean", "max"])
def test_per_sample_weights_need_a_sum_in_both(mode):
    with pytest.raises(NotImplementedError, match="only supported for mode='sum'"):
        functional.embedding_bag(torch.tensor([[0]]), torch.ones(2, 1), mode=mode, per_sample_weights=torch.ones(1, 1))
    with pytest.raises(NotImplementedError, match="per_sample_weights need mode sum"):
        embedding_bag(np.ones((2, 1)), bags_of([[0]], 2), mode, np.ones((1, 1)))


@pytest.mark.parametrize("offsets", [[1, 2], [0, 4]])
def test_offsets_that_do_not_fit_are_refused_by_both(offsets):
    with pytest.raises(RuntimeError, match="offsets"):
        functional.embedding_bag(torch.tensor([0, 1, 2]), torch.ones(3, 1), torch.tensor(offsets))
    with pytest.raises(ValueError, match="offsets must rise from 0 to at most 3"):
        bags_of([0, 1, 2], 3, offsets)


def test_a_bag_without_positions_is_zero_here_and_an_error_in_pytorch():
    with pytest.raises(RuntimeError, match="step must be nonzero"):
        functional.embedding_bag(torch.zeros((2, 0), dtype=torch.int64), torch.ones(3, 1))
    assert embedding_bag(np.ones((3, 1)), bags_of(np.zeros((2, 0), int), 3)).tolist() == [[0], [0]]


def test_pytorch_has_no_sparse_gradient_scaled_by_frequency_and_we_compose_one():
    table = torch.ones(2, 1, requires_grad=True)
    output = functional.embedding(torch.tensor([1, 1]), table, sparse=True, scale_grad_by_freq=True)
    with pytest.raises(RuntimeError, match="scale_grad_by_freq not supported with sparse gradients"):
        output.sum().backward()
    ones = np.ones((2, 1))
    assert sparse_gradient([1, 1], divided_by_count([1, 1], ones, 2), 2).dense().tolist() == [[0], [1]]


def test_a_new_embedding_is_normal_and_a_new_linear_uniform():
    torch.manual_seed(0)
    table = torch.nn.Embedding(400, 100).weight.detach().numpy()
    kernel = torch.nn.Linear(400, 100).weight.detach().numpy()
    assert table.mean() == pytest.approx(0, abs=0.02)
    assert table.std() == pytest.approx(1, abs=0.02)
    assert (np.abs(table) > 3).any()
    assert np.abs(kernel).max() == pytest.approx(1 / np.sqrt(400), rel=1e-2)
