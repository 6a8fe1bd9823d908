"""The questions of lesson 1."""

from lessons.ui.lesson import Option, Question

WIDE = {"rows": 1000, "columns": 64}
EMBEDDING = {"layer": "Embedding", **WIDE}
WITH_BIAS = {"layer": "Dense", **WIDE, "bias": True}
WITHOUT_BIAS = {"layer": "Dense", **WIDE, "bias": False}
ANOTHER_SEED = {"layer": "Embedding", "rows": 8, "columns": 3, "seed": 1}

QUESTIONS = (
    Question(
        "What does Embedding(1000, 64) store?",
        (
            Option(
                "Two tables, input and context",
                "Word2vec trains two such tables, 128,000 numbers. One Embedding layer is one of them.",
                asks="Is an Embedding layer a word2vec with two tables?",
                try_it=EMBEDDING,
            ),
            Option(
                "A table of 1000 × 64",
                "One row of 64 numbers for each of 1000 ids, 64,000 in all.",
                asks="What does an Embedding layer store?",
                try_it=EMBEDDING,
            ),
            Option(
                "Weights and 64 biases",
                "That is a Dense layer, 64,064 numbers. An Embedding has no bias to add.",
                asks="Does an Embedding layer have a bias?",
                try_it=WITH_BIAS,
            ),
            Option(
                "Nothing, it computes codes",
                "Hashes compute codes from ids. These rows are stored: another seed gives the same ids other rows.",
                asks="Does an Embedding compute a code or hash from the id?",
                try_it=ANOTHER_SEED,
            ),
        ),
        answer=1,
    ),
    Question(
        "What are its starting values?",
        (
            Option(
                "Word2vec vectors",
                "Nothing is loaded unless you load it. Another seed draws other rows, and no words are involved.",
                asks="Does an Embedding layer start with word2vec vectors?",
                try_it=ANOTHER_SEED,
            ),
            Option(
                "One-hot rows",
                "One-hot rows explain the input. Even a square table starts with other numbers.",
                asks="Are the rows of the table one-hot at the start?",
                try_it={"layer": "Embedding", "rows": 8, "columns": 8},
            ),
            Option(
                "Zeros",
                "Zeros are a choice you can make, but neither PyTorch's nor Keras's. Keras starts near them.",
                asks="Is an Embedding initialised with zeros?",
                try_it={"layer": "Embedding", "rows": 8, "columns": 3, "start": "Keras"},
            ),
            Option(
                "Random numbers",
                "Normal with standard deviation 1 in PyTorch 2.13, between ±0.05 in Keras 3.15.",
                asks="How are the random start values of an Embedding drawn?",
                try_it={"layer": "Embedding", "rows": 2000, "columns": 128},
            ),
        ),
        answer=3,
    ),
    Question(
        "Next to Dense(64) with its bias, on one-hot input, Embedding(1000, 64) has",
        (
            Option(
                "64 fewer numbers",
                "The tables are equally large. The Dense layer adds 64 biases.",
                asks="How many parameters has an Embedding next to a Dense layer?",
                try_it=WITH_BIAS,
            ),
            Option(
                "936 fewer numbers",
                "1000 − 64 = 936, but the layers differ by their biases alone.",
                asks="Do Embedding and Dense differ by the input size minus the output size?",
                try_it=WITH_BIAS,
            ),
            Option(
                "About 1000 times fewer",
                "For one id it reads 1000 times fewer. It stores only 64 fewer: the biases.",
                asks="Does an Embedding save parameters over one-hot and Dense?",
                try_it=WITHOUT_BIAS,
            ),
            Option(
                "The same number",
                "True without the bias. Dense has one by default.",
                asks="Have Dense and Embedding the same number of parameters?",
                try_it=WITHOUT_BIAS,
            ),
        ),
        answer=0,
    ),
)
