"""The questions of lesson 2."""

from lessons.ui.lesson import Option, Question

COMPARED = {"ids": "1, 3, 1", "rows": 6, "step": 8}  # the last scene
LONG_TABLE = {"vocabulary": 50_000, "batch": 256}
WITH_BIAS = {**COMPARED, "bias": True}

QUESTIONS = (
    Question(
        "Why do Keras and PyTorch read rows instead of multiplying?",
        (
            Option(
                "Look-up is an approximation",
                "It would save work, but it is exact: the largest difference is 0.",
                asks="Is a look-up only an approximation of the product?",
                try_it={**COMPARED, "bias": False, "seed": 1},
            ),
            Option(
                "One-hot is not differentiable",
                "The step from id to one-hot row is not, but training never needs it. The product is, in the table.",
                asks="Is a one-hot product differentiable?",
            ),
            Option(
                "The product is only a row copy",
                "Every other term is 0 × something. Copying the row gives the same.",
                asks="Why do Keras and PyTorch not multiply one-hot rows by the table?",
                try_it={"ids": "2", "rows": 4, "step": 4, "bias": False},
            ),
            Option(
                "GPUs cannot multiply sparse data",
                "They can. There is just nothing worth multiplying.",
                asks="Can a GPU multiply sparse one-hot rows?",
                try_it={"vocabulary": 10_000, "batch": 256},
            ),
        ),
        answer=2,
    ),
    Question(
        "V grows from 1,000 to 50,000. Look-up is then",
        (
            Option(
                "About as fast as before",
                "It reads as many rows as there are ids, however long the table is.",
                asks="Does a look-up get slower when the vocabulary grows?",
                try_it=LONG_TABLE,
            ),
            Option(
                "50 times slower",
                "That is the product: its one-hot rows are 50 times longer.",
                asks="How does the cost of the one-hot product grow with the vocabulary?",
                try_it=LONG_TABLE,
            ),
            Option(
                "Impossible",
                "The one-hot rows grow large, the ids do not. Tables of 50,000 rows are ordinary.",
                asks="Is a vocabulary of 50,000 words too large for an Embedding?",
                try_it=LONG_TABLE,
            ),
            Option(
                "Faster",
                "There is no reason for it to gain. At best it stays the same.",
                asks="Can a look-up be faster in a longer table?",
                try_it=LONG_TABLE,
            ),
        ),
        answer=0,
    ),
    Question(
        "Dense(64) with a bias, on one-hot input, equals",
        (
            Option(
                "No Embedding at all",
                "The bias looks like something extra, but a table can take it over.",
                asks="Can an Embedding replace a Dense layer that has a bias?",
                try_it=WITH_BIAS,
            ),
            Option(
                "An Embedding followed by relu",
                "relu is an activation, which bends. A bias only adds.",
                asks="Does a bias in Dense do the same as relu after an Embedding?",
                try_it=WITH_BIAS,
            ),
            Option(
                "An Embedding with a table twice as large",
                "The bias is one more row's worth of numbers, not V rows.",
                asks="Does the bias of Dense need a second table?",
                try_it=WITH_BIAS,
            ),
            Option(
                "An Embedding, the bias in every row",
                "Each output is one row plus b, so b can live in every row.",
                asks="Is a Dense layer with a bias on one-hot rows the same as an Embedding?",
                try_it=WITH_BIAS,
            ),
        ),
        answer=3,
    ),
)
