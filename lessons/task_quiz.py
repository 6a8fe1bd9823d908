"""The three questions of lesson 6."""

from lessons.ui.lesson import Option, Question

REVIEWS = {"data": "Toy reviews", "columns": "2", "scale": 0.1}
BORING = REVIEWS | {"word": "boring"}

QUESTIONS = (
    Question(
        "After training on good or bad, boring is closest to",
        (
            Option(
                "gripping, the same topic",
                "Both are about films, and the label food or film brings them together. Good or bad never asks for it.",
                "Are words of the same topic always close in an embedding?",
                BORING | {"label": "Food or film"},
            ),
            Option(
                "Its dictionary synonym, whatever the task",
                "A dictionary knows meanings. The table sees ids and a loss, and another loss gives other neighbours.",
                "Do synonyms always end up close together in an embedding?",
                BORING | {"label": "Both labels"},
            ),
            Option(
                "stale or another negative word",
                "Swapping one for the other hardly changes the answer, so the loss puts them together.",
                "Which words become neighbours after sentiment training?",
                BORING | {"label": "Good or bad", "columns": "8"},
            ),
            Option(
                "Whatever word has the next id",
                "Ids look like places on a scale, but they are only addresses of rows.",
                "Do words with neighbouring ids get similar vectors?",
                BORING | {"label": "Good or bad", "seed": 1},
            ),
        ),
        answer=2,
    ),
    Question(
        "Where did the structure in the picture come from?",
        (
            Option(
                "The loss",
                "Same table, same start, same reviews: only what the loss rewards was changed.",
                "Where does the structure of an embedding space come from?",
                REVIEWS | {"label": "Both labels"},
            ),
            Option(
                "The layer type",
                "An Embedding is in every one of these runs, but the four pictures differ.",
                "Does an Embedding layer arrange words by itself?",
                REVIEWS | {"label": "Food or film"},
            ),
            Option(
                "The letters of the word",
                "tasty and fresh share hardly a letter. The model gets ids and never sees a letter.",
                "Does an Embedding layer look at the letters of a word?",
                REVIEWS | {"label": "CBOW"},
            ),
            Option(
                "The order of the ids",
                "The rows happen to be sorted by group, but any other numbering gives the same groups.",
                "Does it matter in which order the words are numbered?",
                REVIEWS | {"label": "Good or bad", "seed": 2},
            ),
        ),
        answer=0,
    ),
    Question(
        "The loss is almost 0, but the plot looks random. The likely cause:",
        (
            Option(
                "D is too small",
                "A common suspect, but a loss near 0 says that D was enough. More dimensions do not tidy it.",
                "Does a random looking embedding need more dimensions?",
                REVIEWS | {"label": "Good or bad", "columns": "8", "scale": 2},
            ),
            Option(
                "A bug in the look-up",
                "A look-up that always mixed up rows alike would learn as well. And small start values tidy this one.",
                "Is my embedding lookup broken if the plot looks random?",
                REVIEWS | {"label": "Good or bad", "scale": 0.01},
            ),
            Option(
                "A Dense layer is missing",
                "The head is there: without it there would be no loss at all.",
                "Is a Dense layer missing if my embeddings look random?",
                REVIEWS | {"label": "Good or bad", "scale": 1},
            ),
            Option(
                "Large start values",
                "Rows that begin far out solve the task with small moves and keep their random places.",
                "Why does my trained embedding still look random although the loss is low?",
                REVIEWS | {"label": "Good or bad", "scale": 2},
            ),
        ),
        answer=3,
    ),
)
