"""The questions of lesson 4."""

from lessons.ui.lesson import Option, Question

ROUNDS = ("Watch", "Fill in two", "Do it all")
WORKED = {"round": ROUNDS[0], "assign": False}
REPEATED = {**WORKED, "ids": "1, 3, 1", "pooling": "mean", "rate": 1.0}
SPREAD, LAST_ADDED, UPDATED = 4, 7, 8  # scenes with three ids

QUESTIONS = (
    Question(
        "The gradient of the loss is taken for",
        (
            Option(
                "The ids",
                "Ids come first, but they are addresses: other ids only choose other rows. There is no row 1.01.",
                asks="Is there a gradient with respect to the ids?",
                try_it={**WORKED, "ids": "0, 2, 0", "step": UPDATED},
            ),
            Option(
                "The rows looked up",
                "Each row that came out gets a gradient, which goes back to where it came from.",
                asks="How does backprop get through a look-up?",
                try_it={**REPEATED, "step": SPREAD},
            ),
            Option(
                "The one-hot inputs",
                "One could, but inputs are not trained. The table is.",
                asks="Does backprop need a gradient for the one-hot inputs?",
                try_it={**REPEATED, "step": UPDATED},
            ),
            Option(
                "All rows equally",
                "One loss, one table, but a row that was not read did not touch the loss: its gradient is 0.",
                asks="Do all rows of an Embedding get a gradient?",
                try_it={**WORKED, "ids": "3", "step": 6},
            ),
        ),
        answer=1,
    ),
    Question(
        "Row 1 occurs twice, row 3 once, with mean pooling. The gradient of row 1 is",
        (
            Option(
                "Twice that of row 3",
                "Each occurrence brings the same share, and shares add up.",
                asks="What is the gradient of a row that occurs twice?",
                try_it={**REPEATED, "step": UPDATED},
            ),
            Option(
                "Equal to that of row 3",
                "It would be if repeats were averaged. They are summed.",
                asks="Are the gradients of repeated ids summed or averaged?",
                try_it={**REPEATED, "step": LAST_ADDED},
            ),
            Option(
                "Half that of row 3",
                "The mean divides by all ids, not by how often one occurs (PyTorch's scale_grad_by_freq would).",
                asks="Is the gradient divided by how often an id occurs?",
                try_it={**REPEATED, "ids": "1, 1, 1, 3", "step": 9},
            ),
            Option(
                "The last occurrence only",
                "That is the bug behind the switch: assigning instead of adding.",
                asks="What goes wrong with W[ids] -= rate * g?",
                try_it={**REPEATED, "assign": True, "step": LAST_ADDED},
            ),
        ),
        answer=0,
    ),
    Question(
        "The gradient of row 0, which was not read, is",
        (
            Option(
                "Its average",
                "Averages are taken over rows that were read. The others get nothing.",
                asks="Does a row that was not read get an average gradient?",
                try_it={**WORKED, "ids": "1, 3", "step": 7},
            ),
            Option(
                "Undefined",
                "It was left out, but it is defined: changing row 0 does not change the loss.",
                asks="Is the gradient of a row that was not read undefined?",
                try_it={**WORKED, "ids": "3, 3", "step": 7},
            ),
            Option(
                "Equal to the bias",
                "There is no bias in the layer. Whatever the label is, row 0 gets nothing.",
                asks="Does a bias reach the rows that were not read?",
                try_it={**REPEATED, "label": "0", "step": UPDATED},
            ),
            Option(
                "Zero",
                "Exactly 0. Whether the row then stays put is up to the optimizer.",
                asks="What is the gradient of a row that is not in the batch?",
                try_it={**REPEATED, "step": UPDATED},
            ),
        ),
        answer=3,
    ),
)
