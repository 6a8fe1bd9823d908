"""The three questions of lesson 7."""

from lessons.ui.lesson import Option, Question

QUESTIONS = (
    Question(
        "An Embedding layer is to CBOW as",
        (
            Option(
                "The same thing",
                "CBOW's result is often called an embedding. But CBOW has a pool, a head and a loss as well.",
                "Is an Embedding layer the same as CBOW?",
                {"preset": "CBOW", "against": "Classifier", "tables": True},
            ),
            Option(
                "A part to a machine",
                "The brick stands in CBOW as it stands in the classifier. Only the machine around it differs.",
                "How is an Embedding layer related to CBOW?",
                {"preset": "CBOW", "against": "Skip-gram"},
            ),
            Option(
                "A newer version of it",
                "It sounds newer, but tables of word vectors were trained ten years before CBOW, in 2003.",
                "Did the Embedding layer replace CBOW and word2vec?",
                {"preset": "Classifier", "against": "CBOW"},
            ),
            Option(
                "Its loss",
                "The loss decides what the rows learn, and it is another brick: change it, and the table stays.",
                "Is a word embedding a loss function?",
                {"preset": "Negative sampling", "against": "Skip-gram"},
            ),
        ),
        answer=1,
    ),
    Question(
        "In its plain form, CBOW is an Embedding and",
        (
            Option(
                "An LSTM that reads the neighbours",
                "Both read several words, but an LSTM minds their order. A mean does not.",
                "Is there an LSTM inside CBOW?",
                {"preset": "Your own", "reads": "side by side", "says": "word", "against": "CBOW"},
            ),
            Option(
                "An autoencoder of the word itself",
                "It looks like word in, word out. But the place to be filled is the one that was left out.",
                "Is CBOW an autoencoder?",
                {"preset": "CBOW", "tables": True},
            ),
            Option(
                "An attention layer over the words",
                "Attention computes how much each word counts. In a mean all count the same.",
                "Does CBOW use attention?",
                {"preset": "CBOW", "against": "Skip-gram"},
            ),
            Option(
                "A mean and Dense(V) with softmax",
                "Three bricks around the table, and examples cut from plain text: no labels by hand.",
                "What does CBOW consist of?",
                {"preset": "CBOW", "against": "Negative sampling"},
            ),
        ),
        answer=3,
    ),
    Question(
        "CBOW with 20 words and a small random table: the loss at the start is about",
        (
            Option(
                "3.0",
                "All 20 words are about equally likely at first, and −ln(1/20) = ln 20 = 3.00.",
                "What is the first loss of an untrained CBOW model?",
                {"preset": "CBOW", "steps": 0},
            ),
            Option(
                "0",
                "0 would mean that it is already sure of the right word. It has learned nothing yet.",
                "Why is the loss of an untrained model not zero?",
                {"preset": "CBOW", "steps": 0},
            ),
            Option(
                "1",
                "Probabilities end at 1, the loss does not. With two answers it would start at ln 2 = 0.69.",
                "Can the cross-entropy loss be larger than 1?",
                {"preset": "Classifier", "steps": 0},
            ),
            Option(
                "20",
                "20 is the number of choices. The loss is its logarithm: two answers start at 0.69, 20 at 3.00.",
                "How does the first loss depend on the vocabulary size?",
                {"preset": "CBOW", "against": "Classifier", "steps": 0},
            ),
        ),
        answer=0,
    ),
)
