"""The three questions of lesson 5."""

from lessons.ui.lesson import Option, Question

STREAM = "0, 1, 1, 1, 1"  # at first

QUESTIONS = (
    Question(
        "A word is never read. With plain Adam its row",
        (
            Option(
                "Drifts",
                "Adam does move rows that are absent, so it tempts. But only from memory, and of this row it has none.",
                "Does Adam move the rows of words that never occur?",
                {"view": "All optimizers", "ids": STREAM, "row": "2", "framework": "PyTorch"},
            ),
            Option(
                "Becomes zero",
                "That would need a pull towards zero. Plain Adam has none: weight decay would pull, slowly.",
                "Do the vectors of unused words become zero?",
                {"view": "All optimizers", "ids": STREAM, "row": "2", "decay": 0.0},
            ),
            Option(
                "Stays as it was drawn",
                "No gradient, no memory, no decay: nothing moves it.",
                "What happens to the row of a word that is never in the training text?",
                {"view": "All optimizers", "ids": STREAM, "row": "2", "framework": "PyTorch"},
            ),
            Option(
                "Becomes the mean of the others",
                "A sensible guess for an unknown word. But rows do not know of each other.",
                "Does a word without examples get the average vector?",
                {"view": "Rare words", "count4": 0},
            ),
        ),
        answer=2,
    ),
    Question(
        "The same word with AdamW and weight decay",
        (
            Option(
                "Stays as it was drawn",
                "Its gradient is 0, so it tempts. But AdamW takes a share of every number at every step.",
                "Does weight decay touch rows that were not in the batch?",
                {"view": "All optimizers", "ids": STREAM, "row": "2", "decay": 0.1},
            ),
            Option(
                "Shrinks towards 0",
                "Decay does not ask whether a row was read.",
                "Why do the vectors of unused words shrink with AdamW?",
                {"view": "All optimizers", "ids": STREAM, "row": "2", "decay": 0.2},
            ),
            Option(
                "Walks at random",
                "Training on random batches sounds like it. But decay always points to 0, by the same share.",
                "Do unused rows move at random during training?",
                {"view": "Paths", "ids": STREAM, "optimizer": "AdamW", "decay": 0.2, "framework": "PyTorch"},
            ),
            Option(
                "Raises an error",
                "It does for sparse gradients in PyTorch. With ordinary, dense ones decay just applies.",
                "Does AdamW work with an Embedding layer?",
                {"view": "All optimizers", "ids": STREAM, "row": "2", "decay": 0.1, "framework": "PyTorch"},
            ),
        ),
        answer=1,
    ),
    Question(
        "You print one row during training, and it never changes. What do you check first?",
        (
            Option(
                "Was its id in any batch?",
                "A row that is never read gets no gradient, and without decay nothing else moves it.",
                "Why does one row of my Embedding never change?",
                {"view": "Rare words", "count4": 0},
            ),
            Option(
                "Is the layer frozen by default?",
                "Only from_pretrained in PyTorch is. And a frozen layer would hold every row: print a second one.",
                "Is an Embedding layer trainable by default?",
                {"view": "Paths", "ids": STREAM, "optimizer": "SGD"},
            ),
            Option(
                "Are the ids sorted?",
                "Sorting sounds tidy. But ids are addresses: in a batch the gradients add up to the same in any order.",
                "Must the ids in a batch be sorted?",
            ),
            Option(
                "Is D too small?",
                "A small D can limit what is learnt. It stops no row from moving: here D is 2.",
                "Does a small embedding size keep rows from learning?",
                {"view": "Paths", "ids": STREAM, "optimizer": "Adam"},
            ),
        ),
        answer=0,
    ),
)
