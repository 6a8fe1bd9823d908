"""Lesson 1 in numpy, PyTorch and Keras."""

TABLES = {"PyTorch": "rng.normal(0, 1, {size})", "Keras": "rng.uniform(-0.05, 0.05, {size})"}
LIMITS = {"PyTorch": "1 / np.sqrt({rows})", "Keras": "np.sqrt(6 / ({rows} + {columns}))"}  # of a Dense layer's kernel
BIASES = {"PyTorch": "rng.uniform(-limit, limit, {columns})", "Keras": "np.zeros({columns})"}


def embedding_in_numpy(rows: int, columns: int, start: str, seed: int) -> str:
    """The table, drawn as on the screen."""
    return f"""import numpy as np

rng = np.random.default_rng({seed})
E = {TABLES[start].format(size=(rows, columns))}  # the whole layer
E.size                             # {rows * columns}"""


def dense_in_numpy(rows: int, columns: int, start: str, seed: int, bias: bool, relu: bool) -> str:
    """Kernel and bias, drawn as on the screen, and the layer."""
    kernel = f"W = rng.uniform(-limit, limit, {(rows, columns)})"
    drawn = f"{kernel}\nb = {BIASES[start].format(columns=columns)}" if bias else kernel
    numbers = f"W.size + b.size                    # {(rows + 1) * columns}" if bias else f"W.size  # {rows * columns}"
    output = f"np.eye({rows})[[1, 0, 1]] @ W{' + b' if bias else ''}"
    return f"""import numpy as np

rng = np.random.default_rng({seed})
limit = {LIMITS[start].format(rows=rows, columns=columns)}
{drawn}
{numbers}
{f"np.maximum({output}, 0)" if relu else output}  # the whole layer, for the ids 1, 0, 1"""


def in_frameworks(rows: int, columns: int, bias: bool) -> dict[str, str]:
    """Both layers beside each other, the Dense one with or without its bias."""
    count = rows * columns
    both = count + columns if bias else count
    linear, parts = ("", f"weight ({columns}, {rows}) and bias ({columns},)") if bias else (
        ", bias=False", f"weight ({columns}, {rows})"
    )  # fmt: skip
    return {
        "PyTorch": f"""import torch.nn as nn

emb = nn.Embedding({rows}, {columns})
sum(p.numel() for p in emb.parameters())  # {count}

lin = nn.Linear({rows}, {columns}{linear})  # a Dense layer: {parts}
sum(p.numel() for p in lin.parameters())  # {both}""",
        "Keras": f"""from keras import layers

emb = layers.Embedding({rows}, {columns})
emb.build()
emb.count_params()  # {count}

dense = layers.Dense({columns}{"" if bias else ", use_bias=False"})
dense.build((None, {rows}))
dense.count_params()  # {both}""",
    }
