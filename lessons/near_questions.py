"""Lesson 9's three questions."""

from lessons.near_figures import CHANCE, SEEDS, TURN
from lessons.ui.lesson import Option, Question

QUESTIONS = (
    Question(
        "What does column 3 of the table mean?",
        (
            Option(
                "It is the third topic",
                "Columns look like features in a data set. But turn the table: column 3 is another mixture, same loss.",
                "Is each column of an embedding a topic or a feature?",
                {"view": TURN, "angle": 45, "factor": 1.0},
            ),
            Option(
                "It is the order of the words",
                "Position in a sentence never enters here: a row is looked up by its id, wherever the word stands.",
                "Do the columns of an embedding hold the word order?",
                {"view": TURN, "angle": 90, "factor": 1.0},
            ),
            Option(
                "It is how frequent a word is",
                "Counts decide how often a row is updated. But a turn mixes columns for free: none is reserved.",
                "Does one dimension of an embedding encode word frequency?",
                {"view": TURN, "angle": 60, "factor": 1.0},
            ),
            Option(
                "By itself it has no meaning",
                "The layer behind can undo any turn, so the loss has no reason to prefer one column's direction.",
                "What does a single dimension of an embedding mean?",
                {"view": TURN, "angle": 30, "factor": 1.0},
            ),
        ),
        answer=3,
    ),
    Question(
        "Two training runs from two seeds give different coordinates. What now?",
        (
            Option(
                "Look for the bug",
                "A repeated run should repeat, one thinks. With the same seed it does; another seed starts elsewhere.",
                "Is it a bug that two training runs give different embeddings?",
                {"view": SEEDS, "other": 3},
            ),
            Option(
                "Compare distances or neighbours",
                "Different coordinates are expected. Two runs of one recipe share who is near whom, roughly.",
                "How do I compare embeddings from two training runs?",
                {"view": SEEDS, "other": 1},
            ),
            Option(
                "Take another optimizer",
                "Another optimizer ends elsewhere again. None of them knows which direction should be column 0.",
                "Which optimizer gives the same embedding every time?",
                {"view": SEEDS, "other": 4},
            ),
            Option(
                "Lower D: eight columns are too many",
                "Fewer columns leave fewer ways to turn, but even in a plane two runs may be turned or mirrored.",
                "Do two runs disagree because the embedding dimension is too large?",
                {"view": TURN, "angle": 90, "factor": 1.0},
            ),
        ),
        answer=1,
    ),
    Question(
        "Two words have the cosine 0.1 in a table with 64 columns. That is",
        (
            Option(
                "About what random vectors give",
                "Their cosines spread by 1/8 = 0.125 around 0, so 0.1 is nothing special.",
                "What cosine similarity do random vectors have?",
                {"view": CHANCE, "dimensions": 64},
            ),
            Option(
                "A strong similarity",
                "It is above 0, which tempts. But about one random pair in five has a cosine above 0.1 at D = 64.",
                "Is a cosine similarity of 0.1 a lot?",
                {"view": CHANCE, "dimensions": 64},
            ),
            Option(
                "Proof that they are unrelated",
                "Small looks like unrelated. But a stretch that no prediction notices can make the same cosine large.",
                "Does a small cosine prove that two words are unrelated?",
                {"view": TURN, "angle": 20, "factor": 5.0},
            ),
            Option(
                "Impossible unless rows are normalised",
                "A cosine divides by both lengths itself, so any two rows that are not zero have one.",
                "Do I have to normalise embeddings before taking the cosine?",
                {"view": TURN, "metric": "cosine"},
            ),
        ),
        answer=0,
    ),
)
