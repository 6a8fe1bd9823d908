"""Classes as rows: scikit-learn's 1,797 images of digits, 8 x 8 pixels, and a row of D numbers for each of the ten.

An image becomes D numbers by a linear layer: a table with a row for each pixel, of which an image reads all rows, each
with its brightness as share. Its score for a digit is the product with that digit's row, a column of the linear head.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits

from core.heads import LinearHead
from core.losses import softmax_loss
from core.pools import Pools
from core.records import FloatArray, IntArray, Parameters
from core.tasks import Task, equal_examples

CLASSES = 10
PIXELS = 64
LEARNED_FROM = 1200  # images; the other 597 are for the test
WHITE = 16  # the brightest of load_digits


class Images(NamedTuple):
    """Brightness 0 to 1 (N, 64), and the digit that was meant (N,)."""

    pixels: FloatArray
    digits: IntArray


@cache
def images() -> tuple[Images, Images]:
    """Those to learn from, and those for the test."""
    data = load_digits()
    pixels, digits = data.data / WHITE, data.target
    return (
        Images(pixels[:LEARNED_FROM], digits[:LEARNED_FROM]),
        Images(pixels[LEARNED_FROM:], digits[LEARNED_FROM:]),
    )


def digit_classes(learn_from: Images) -> Task:
    """Image -> its digit, with nothing between the two linear layers."""
    image, pixel = np.nonzero(learn_from.pixels)  # a black pixel's row would count 0 times
    offsets = np.searchsorted(image, np.arange(len(learn_from.pixels) + 1))
    bags = Pools(pixel, offsets, learn_from.pixels[image, pixel], PIXELS)
    return Task(LinearHead(CLASSES, softmax_loss), equal_examples(bags, learn_from.digits))


def share_right(parameters: Parameters, shown: Images) -> float:
    """The share of images whose digit scores highest."""
    scores = shown.pixels @ parameters["weight"] @ parameters["kernel"] + parameters["bias"]  # (N, 10)
    return float(np.mean(scores.argmax(axis=1) == shown.digits))
