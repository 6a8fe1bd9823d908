"""Lesson 3 in numpy, PyTorch and Keras."""

from lessons.ids_text import DIMENSIONS, Settings, numbered, trouble


def snippets(settings: Settings) -> dict[str, str]:
    """The same look-up in each library, with the ids on the screen."""
    ids = numbered(settings.text, settings.pad, settings.unk).ids
    needed, shape = int(ids.max()) + 1, (*ids.shape, DIMENSIONS)
    short = settings.rows if trouble(ids, settings.rows) else needed - 1
    return {
        "numpy": f"""import numpy as np

ids = np.array({ids.tolist()})
E = np.random.default_rng(0).normal(size=(ids.max() + 1, {DIMENSIONS}))  # {needed} rows
E[ids].shape                             # {shape}
ids != 0                                 # the mask: {int((ids != 0).sum())} of {ids.size} are words
try:
    E[:{short}][ids]
except IndexError as error:
    print(error)                         # index {needed - 1} is out of bounds for axis 0 with size {short}""",
        "PyTorch": f"""import torch

ids = torch.tensor({ids.tolist()})
emb = torch.nn.Embedding({needed}, {DIMENSIONS}, padding_idx=0)  # largest id + 1 rows
emb(ids).shape                           # torch.Size({list(shape)})
emb.weight[0]                            # zeros at first, and it gets no gradient
# torch.nn.Embedding({short}, {DIMENSIONS})(ids) raises IndexError: index out of range in self""",
        "Keras": f"""import numpy as np
from keras import layers

ids = np.array({ids.tolist()})
emb = layers.Embedding({needed}, {DIMENSIONS}, mask_zero=True)  # largest id + 1 rows
emb(ids).shape                           # {shape}
emb.compute_mask(ids)                    # True where the id is not 0: {int((ids != 0).sum())} of {ids.size}
emb.get_weights()[0][0]                  # row 0 is not zero
# layers.Embedding({short}, {DIMENSIONS})(ids): an error on TensorFlow and torch, rows of nan on JAX""",
    }
