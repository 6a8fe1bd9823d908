"""Lesson 5 in numpy, PyTorch and Keras: Adam on the stream, and the steps of row 0 or of the row that is watched."""

from lessons.movers_runs import GRADIENT, TABLE, Settings, runs
from lessons.ui.numbers import plain


def snippets(settings: Settings) -> dict[str, str]:
    """The same stream in each library, with the numbers of the watched row."""
    stream, rate, row, gradient = list(settings.stream), f"{settings.rate:g}", settings.row, list(GRADIENT)
    torch_steps, keras_steps = (_steps(settings, framework, "Adam") for framework in ("PyTorch", "Keras"))
    return {
        "numpy": f"""import numpy as np

E = np.array({TABLE.tolist()})
mean, square = np.zeros_like(E), np.zeros_like(E)  # Adam's memory, a number for each of the table
for t, row in enumerate({stream}, start=1):
    g = np.zeros_like(E)
    g[row] = {gradient}
    mean = 0.9 * mean + 0.1 * g
    square = 0.999 * square + 0.001 * g**2
    step = -{rate} * mean / (1 - 0.9**t) / (np.sqrt(square / (1 - 0.999**t)) + 1e-8)
    E += step
    print(step[{row}, 0])                # {torch_steps}""",
        "PyTorch": f"""import torch

E = torch.tensor({TABLE.tolist()})
for sparse, make in ((False, torch.optim.Adam), (True, torch.optim.SparseAdam)):
    emb = torch.nn.Embedding.from_pretrained(E.clone(), freeze=False, sparse=sparse)
    optimizer = make(list(emb.parameters()), lr={rate})
    for row in {stream}:
        before = emb.weight.detach().clone()
        optimizer.zero_grad()
        (emb(torch.tensor([row])) * torch.tensor({gradient})).sum().backward()
        optimizer.step()
        print((emb.weight - before)[{row}, 0].item())
# Adam: {torch_steps}
# SparseAdam: {_steps(settings, "PyTorch", "SparseAdam")}; plain Adam refuses sparse gradients""",
        "Keras": f"""import numpy as np
import tensorflow as tf
from keras import layers, optimizers

emb = layers.Embedding({len(TABLE)}, 2, weights=[np.array({TABLE.tolist()})])
emb.build()
optimizer = optimizers.Adam({rate})
for row in {stream}:
    before = emb.get_weights()[0]
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(emb(tf.constant([row])) * tf.constant({gradient}))
    optimizer.apply(tape.gradient(loss, [emb.embeddings.value]), [emb.embeddings])  # IndexedSlices
    print((emb.get_weights()[0] - before)[{row}, 0])
# {keras_steps}: the same drift""",
    }


def _steps(settings: Settings, framework: str, name: str) -> str:
    (found,) = (run for run in runs(settings.stream, framework, settings.rate, settings.decay) if run.name == name)
    return ", ".join(plain(step, 3) for step in found.path.moves[:, settings.row, 0].tolist())
