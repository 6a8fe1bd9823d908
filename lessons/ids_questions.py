"""The three questions of lesson 3."""

from lessons.ids_text import DEFAULT, MOST_ROWS
from lessons.ui.lesson import Option, Question

QUESTIONS = (
    Question(
        "100 words have the ids 1 to 100, and 0 is for padding. How many rows must the table have (input_dim)?",
        (
            Option(
                "100",
                "There are 100 words, so it tempts. But 100 rows end at row 99, and id 100 has none.",
                "Why is input_dim not the number of words?",
                {"view": "Look up", "text": DEFAULT, "pad": True, "unk": False, "rows": 4},
            ),
            Option(
                "101",
                "The addresses 0 to 100 are 101 rows: the largest id + 1.",
                "Why is input_dim one larger than the largest id?",
                {"view": "Look up", "text": DEFAULT, "pad": True, "unk": False, "rows": 5},
            ),
            Option(
                "102",
                "Counting padding on top of the + 1 tempts. It is that one already: row 101 would never be read.",
                "Must I add 2 to the number of words, for padding and for counting from 0?",
                {"view": "Look up", "text": DEFAULT, "pad": True, "unk": False, "rows": 6},
            ),
            Option(
                "99",
                "Subtracting tempts where counting begins at 0. But a shorter table has fewer addresses.",
                "Is the table one row shorter because ids begin at 0?",
                {"view": "Look up", "text": DEFAULT, "pad": True, "unk": False, "rows": 3},
            ),
        ),
        answer=1,
    ),
    Question(
        "With mask_zero=True (third view, “Padding and mask”), id 0 gives",
        (
            Option(
                "Zeros",
                "The name suggests it. But the zero is the id that is masked: row 0 holds ordinary numbers.",
                "Does mask_zero=True set the padding vector to zero?",
                {"view": "Padding and mask", "pad": True},
            ),
            Option(
                "An error",
                "Padding is no word, so it could be refused. Yet 0 is an address like any other, and row 0 exists.",
                "Why does id 0 not raise an error when it is padding?",
                {"view": "Probe one id", "probe": 0},
            ),
            Option(
                "Nothing: the place is removed",
                "A mask sounds like cutting out. But the output keeps its shape: the mask only travels along.",
                "Does masking make the sequence shorter?",
                {"view": "Padding and mask", "pad": True},
            ),
            Option(
                "Row 0, and a mask beside it",
                "The look-up stays as it is. What the mask does is up to the next layer.",
                "What does mask_zero=True really do?",
                {"view": "Padding and mask", "pad": True},
            ),
        ),
        answer=3,
    ),
    Question(
        "Ids of shape (32, 10) go into a table of 1000 × 64. Out comes",
        (
            Option(
                "(32, 10, 64)",
                "Each of the 320 ids is replaced by a row of 64. The shape of the ids stays in front.",
                "What is the output shape of an Embedding layer?",
                {"view": "Look up", "rows": MOST_ROWS},
            ),
            Option(
                "(32, 64)",
                "One vector a sentence comes from a mean, in a later layer. Here each word keeps its own.",
                "Does an Embedding layer give one vector per sentence?",
                {"view": "Look up", "rows": MOST_ROWS},
            ),
            Option(
                "(32, 640)",
                "That is Flatten's work, one layer later. The look-up keeps the words apart.",
                "Does an Embedding layer join the vectors of a sentence into one long one?",
                {"view": "Look up", "rows": MOST_ROWS},
            ),
            Option(
                "(1000, 64)",
                "This is the table itself. Only the rows that were asked for come out, as often as asked.",
                "Does an Embedding layer return its whole table?",
                {"view": "Look up", "rows": MOST_ROWS},
            ),
        ),
        answer=0,
    ),
)
