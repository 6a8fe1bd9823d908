"""Lesson 2 in numpy, PyTorch and Keras."""

from core.table import dense, largest_difference, lookup, one_hot
from lessons.lookup_scenes import BIASES, DIMENSIONS, Settings
from lessons.ui.numbers import plain


def snippets(settings: Settings) -> dict[str, str]:
    """Look-up and product in each library, with the table and the ids on the screen; with the bias, if it is on."""
    table, ids = settings.table, list(settings.ids)
    rows = ",\n              ".join(str(row) for row in table.tolist())
    count, end = len(table), (_with_bias if settings.bias else _without_bias)(settings)
    return {
        "numpy": f"""import numpy as np

E = np.array([{rows}])
ids = np.array({ids})
{f"X = np.eye({count})[ids]":<40}# one-hot rows
{end["numpy"]}""",
        "PyTorch": f"""import torch
import torch.nn.functional as F

E = torch.tensor([{rows}])
ids = torch.tensor({ids})
emb = torch.nn.Embedding.from_pretrained(E)
{end["PyTorch"]}""",
        "Keras": f"""import numpy as np
from keras import layers, ops

E = np.array([{rows}])
ids = np.array({ids})
emb = layers.Embedding({count}, {DIMENSIONS}, weights=[E])
emb.build()
{end["Keras"]}""",
    }


def _without_bias(settings: Settings) -> dict[str, str]:
    """Both routes agree."""
    count = settings.rows
    return {
        "numpy": "np.array_equal(E[ids], X @ E)           "
        f"# True: {lookup(settings.table, settings.ids)[0].tolist()} comes first",
        "PyTorch": f"""\
torch.equal(emb(ids), F.one_hot(ids, {count}).float() @ emb.weight)  # True

lin = torch.nn.Linear({count}, {DIMENSIONS}, bias=False)  # keeps its weight as ({DIMENSIONS}, {count}): transpose
lin.weight.data = emb.weight.data.T.clone()
torch.equal(emb(ids), lin(F.one_hot(ids, {count}).float()))  # True""",
        "Keras": f"np.array_equal(emb(ids), ops.one_hot(ids, {count}) @ emb.embeddings)  # True",
    }


def _with_bias(settings: Settings) -> dict[str, str]:
    """They differ, until the table has taken the bias over."""
    count, table, ids = settings.rows, settings.table, settings.ids
    difference = plain(largest_difference(lookup(table, ids), dense(one_hot(ids, count), table, BIASES)))
    return {
        "numpy": f"""\
b = np.array({BIASES.tolist()})
np.abs(X @ E + b - E[ids]).max()        # {difference}
np.array_equal((E + b)[ids], X @ E + b) # True: a table can take the bias over""",
        "PyTorch": f"""\
lin = torch.nn.Linear({count}, {DIMENSIONS})           # keeps its weight as ({DIMENSIONS}, {count}): transpose
lin.weight.data = emb.weight.data.T.clone()
lin.bias.data = torch.tensor({BIASES.tolist()})
dense = lin(F.one_hot(ids, {count}).float())
(dense - emb(ids)).abs().max()           # {difference}
torch.equal(F.embedding(ids, emb.weight + lin.bias), dense)  # True: a table can take the bias over""",
        "Keras": f"""\
b = ops.convert_to_tensor({BIASES.tolist()})
dense = ops.one_hot(ids, {count}) @ emb.embeddings + b
ops.max(ops.abs(dense - emb(ids)))       # {difference}
np.array_equal(ops.take(emb.embeddings + b, ids, axis=0), dense)  # True: a table can take the bias over""",
    }
