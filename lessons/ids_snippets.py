"""Lesson 3 in numpy, PyTorch and Keras."""

from lessons.ids_text import DIMENSIONS, Settings, numbered, trouble


def snippets(settings: Settings) -> dict[str, str]:
    """The same look-up in each library, with the ids on the screen."""
    ids = numbered(settings.text, settings.pad, settings.unk).ids
    needed, shape = int(ids.max()) + 1, (*ids.shape, DIMENSIONS)
    short = settings.rows if trouble(ids, settings.rows) else needed - 1
    first_bad, listed = ids[ids >= short][0], ids.tolist()
    words = f"{int((ids != 0).sum())} of {ids.size}"
    if settings.pad:
        mask = f"ids != 0                                 # the mask: {words} are words"
        padded, zeros = ", padding_idx=0", "emb.weight[0]                            # zeros at first, and no gradient"
        masked, kept = (
            ", mask_zero=True",
            f"emb.compute_mask(ids)                    # True where a word stands: {words}",
        )
    else:
        mask = zeros = kept = "# no padding, no mask: here id 0 is a token"
        padded = masked = ""
    return {
        "numpy": f"""import numpy as np

ids = np.array({listed})
E = np.random.default_rng(0).normal(size=(ids.max() + 1, {DIMENSIONS}))  # {needed} rows
E[ids].shape                             # {shape}
{mask}
try:
    E[:{short}][ids]
except IndexError as error:
    print(error)                         # index {first_bad} is out of bounds for axis 0 with size {short}""",
        "PyTorch": f"""import torch

ids = torch.tensor({listed})
emb = torch.nn.Embedding({needed}, {DIMENSIONS}{padded})  # largest id + 1 rows
emb(ids).shape                           # torch.Size({list(shape)})
{zeros}
# torch.nn.Embedding({short}, {DIMENSIONS})(ids) raises IndexError: index out of range in self""",
        "Keras": f"""import numpy as np
from keras import layers

ids = np.array({listed})
emb = layers.Embedding({needed}, {DIMENSIONS}{masked})  # largest id + 1 rows
emb(ids).shape                           # {shape}
{kept}
emb.get_weights()[0][0]                  # row 0 is not zero
# layers.Embedding({short}, {DIMENSIONS})(ids): an error on TensorFlow and torch, rows of nan on JAX""",
    }
