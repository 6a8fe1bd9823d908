"""Where PyTorch and Keras (torch backend) go separate ways, noted as seen for the table of facts.

What happens here is asserted; what the frameworks do is pinned by the other tests of this folder.
"""

import keras
import numpy as np
import pytest
import torch
from torch.nn import functional

from core.bags import bags_of
from core.embedding_bag import embedding_bag
from core.gradient import scatter_add
from core.masks import masked_mean, zero_mask
from core.norms import renormalised
from core.optimizers import adam
from core.padding import without_padding
from core.sparse import sparse_gradient
from core.table import dense, lookup
from tests.parity.facts import BAD_IDS, TABLE, bad_id_fact, looked_up, outcome, read
from tests.parity.report import fact

KERAS_EMBEDDING = "Embedding, torch backend"
PADDING, PADDING_ONLY = "gradient of a padding row that is read once", "mean of a text of padding only"


def keras_embedding(**options):
    layer = keras.layers.Embedding(*TABLE.shape, dtype="float64", **options)
    layer.build((None,))
    layer.set_weights([TABLE])
    return layer


def in_pytorch(indices):
    return functional.embedding(torch.tensor(indices), torch.tensor(TABLE)).numpy()


def in_a_bag(indices):
    return functional.embedding_bag(torch.tensor(indices)[None], torch.tensor(TABLE)).numpy()


def in_our_bag(indices):
    return embedding_bag(TABLE, bags_of(indices[None], len(TABLE)))


def in_keras(indices):
    return keras_embedding()(indices).detach().numpy()


@pytest.mark.parametrize("situation", BAD_IDS)
def test_bad_ids(situation):
    does = bad_id_fact(situation, "PyTorch", "nn.Embedding", in_pytorch)
    assert does == ("raises RuntimeError" if situation == "id 1.9" else "raises IndexError")
    bad_id_fact(situation, "PyTorch", "nn.EmbeddingBag", in_a_bag, in_our_bag)
    bad_id_fact(situation, "Keras", KERAS_EMBEDDING, in_keras)


@pytest.mark.parametrize("dtype", ["int32", "uint8", "int16"])
def test_ids_of_other_integer_types(dtype):
    ids = np.array([4], dtype)
    here, situation = read(lambda: looked_up(ids)), f"id 4 as {dtype}"
    assert here == "reads row 4"  # whatever holds whole numbers will do
    does = read(lambda: in_pytorch(ids))
    assert does == ("reads row 4" if dtype == "int32" else "raises RuntimeError")
    fact(situation, "PyTorch", "nn.Embedding", does, here)
    fact(situation, "Keras", KERAS_EMBEDDING, read(lambda: in_keras(ids)), here)


def test_ids_in_a_list():
    here = read(lambda: looked_up([4]))
    assert here == "reads row 4"
    does = read(lambda: functional.embedding([4], torch.tensor(TABLE)).numpy())
    assert does == "raises TypeError"
    fact("id 4 in a Python list", "PyTorch", "nn.Embedding", does, here)


def test_a_text_of_padding_only():
    ids = np.zeros((1, 2), int)
    bag = outcome(lambda: embedding_bag(TABLE, bags_of(ids, len(TABLE), padding_idx=0), "mean"))
    mask = outcome(lambda: masked_mean(lookup(TABLE, ids), zero_mask(ids)))
    assert (bag, mask) == ("gives 0", "gives nan")
    theirs = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(TABLE), mode="mean", padding_idx=0)
    fact(PADDING_ONLY, "PyTorch", "nn.EmbeddingBag, padding_idx", outcome(lambda: theirs(torch.tensor(ids))), bag)
    layer, pool = keras_embedding(mask_zero=True), keras.layers.GlobalAveragePooling1D(dtype="float64")
    does = outcome(lambda: pool(layer(ids), mask=layer.compute_mask(ids)).detach())
    fact(PADDING_ONLY, "Keras", "Embedding, mask_zero, then GlobalAveragePooling1D", does, mask)


def test_the_gradient_of_the_padding_row():
    ids, ones = np.array([[0, 2]]), np.ones((1, 2, 1))
    here = outcome(lambda: scatter_add(*without_padding(ids, ones, len(TABLE), 0), len(TABLE))[0])
    as_an_ordinary_row = outcome(lambda: scatter_add(ids, ones, len(TABLE))[0])
    assert (here, as_an_ordinary_row) == ("gives 0", "gives 1")
    table = torch.tensor(TABLE, requires_grad=True)
    functional.embedding(torch.tensor(ids), table, padding_idx=0).sum().backward()
    fact(PADDING, "PyTorch", "nn.Embedding, padding_idx", outcome(lambda: table.grad[0]), here)
    layer = keras_embedding(mask_zero=True)
    layer(ids).sum().backward()
    does = outcome(lambda: layer.embeddings.value.grad[0])
    fact(PADDING, "Keras", "Embedding, mask_zero, and no layer that uses the mask", does, as_an_ordinary_row)


def test_max_norm_writes_into_the_table():
    here = TABLE.copy()
    shortened = renormalised(here, [2], 1.0)
    assert (here[2, 0], f"{shortened[2, 0]:.3g}") == (12, "1")
    theirs = torch.tensor(TABLE)
    functional.embedding(torch.tensor([2]), theirs, max_norm=1.0)
    does = f"leaves {theirs[2, 0]:.3g} in the table"
    said = f"leaves {here[2, 0]:.3g}; the table it returns has {shortened[2, 0]:.3g}"
    fact("max_norm=1: a look-up of a row that holds 12", "PyTorch", "nn.Embedding, max_norm", does, said)


def test_a_sparse_gradient_for_adam():
    tensor = torch.nn.Parameter(torch.tensor(TABLE))
    tensor.grad = torch.sparse_coo_tensor(torch.tensor([[1]]), torch.ones(1, 1, dtype=torch.float64), TABLE.shape)
    optimizer = adam(0.1)
    gradient = sparse_gradient([1], np.ones((1, 1)), len(TABLE))
    here = outcome(lambda: optimizer.update_rows(gradient, optimizer.init(TABLE), TABLE))
    does = outcome(lambda: torch.optim.Adam([tensor]).step())
    assert here == does == "raises RuntimeError"
    fact("a sparse gradient for Adam", "PyTorch", "optim.Adam", does, here)


def test_per_sample_weights_in_a_mean():
    ids, numbers = torch.tensor([[1]]), torch.ones(1, 1, dtype=torch.float64)
    bags = bags_of(ids.numpy(), len(TABLE))
    here = outcome(lambda: embedding_bag(TABLE, bags, "mean", numbers.numpy()))
    does = outcome(lambda: functional.embedding_bag(ids, torch.tensor(TABLE), per_sample_weights=numbers))
    assert here == does == "raises NotImplementedError"
    fact("per-sample weights in a mean", "PyTorch", "nn.EmbeddingBag", does, here)


def test_a_dense_layer_without_bias_in_float64():
    here = f"gives {dense(np.ones((1, len(TABLE))), TABLE).dtype}"
    assert here == "gives float64"
    layer = keras.layers.Dense(1, use_bias=False, dtype="float64")
    layer.build((None, len(TABLE)))
    given = f"gives {np.asarray(layer(np.ones((1, len(TABLE)))).detach()).dtype}"
    fact("a Dense layer of dtype float64", "Keras", "Dense, torch backend", given, here)
    linear = torch.nn.Linear(len(TABLE), 1, bias=False, dtype=torch.float64)
    given = f"gives {linear(torch.ones(1, len(TABLE), dtype=torch.float64)).detach().numpy().dtype}"
    fact("a Dense layer of dtype float64", "PyTorch", "nn.Linear", given, here)
