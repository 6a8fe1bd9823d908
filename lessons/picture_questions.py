"""Lesson 8's three questions."""

from lessons.picture_axes import COLUMNS, LAST, OWN
from lessons.picture_figures import BOTH, RUN
from lessons.ui.lesson import Option, Question

QUESTIONS = (
    Question(
        "From one frame to the next, all points are mirrored. Why?",
        (
            Option(
                "The learning rate was set much too high",
                "Large steps move points, each in its own way. Here all mirror at once: hold the axes, and it stops.",
                "Do points jump between frames because the learning rate is too high?",
                {"view": RUN, "axes": LAST},
            ),
            Option(
                "The words swapped their meanings",
                "Good now stands where bad was. But in all columns hardly anything moved: only the axis turned round.",
                "Can words swap their meaning from one training step to the next?",
                {"view": RUN, "axes": LAST},
            ),
            Option(
                "PCA leaves the sign of an axis open",
                "An axis and its mirror image fit the points equally well, so each frame may come out either way.",
                "Why does my PCA plot flip or mirror between frames?",
                {"view": RUN, "axes": OWN},
            ),
            Option(
                "There is a bug in the plot",
                "One suspects the drawing first. It drew what it was given: axes whose sign nobody fixed.",
                "Is it a bug that the points of my embedding plot suddenly mirror?",
                {"view": RUN, "axes": OWN},
            ),
        ),
        answer=2,
    ),
    Question(
        "A high explained variance means",
        (
            Option(
                "Much of the spread is on the page",
                "That is all. Noise scores about as high, so the number says nothing about what was learnt.",
                "What does explained variance of a PCA plot mean?",
                {"view": BOTH, "axes": OWN},
            ),
            Option(
                "The training worked",
                "A structured table can score high. So does this one before its first step: compare the two panels.",
                "Does high explained variance show that training worked?",
                {"view": BOTH, "axes": OWN},
            ),
            Option(
                "The neighbours in the plot are right",
                "More on the page helps neighbours, but it promises none. Count them: the arrows show the true ones.",
                "Are nearest neighbours in a PCA plot the real neighbours?",
                {"view": BOTH, "links": True},
            ),
            Option(
                "Two columns would have done for the task",
                "Two axes carry half of the spread here. What the task needs can lie in the other half.",
                "Does explained variance tell me how many dimensions my embedding needs?",
                {"view": BOTH, "axes": OWN},
            ),
        ),
        answer=0,
    ),
    Question(
        "Two words touch in the plot. The list of neighbours in all columns says they are far apart. Trust",
        (
            Option(
                "The plot",
                "Seeing convinces. But points can lie behind each other in the directions that the page leaves out.",
                "Two words touch in the plot but are not neighbours: should I trust the plot?",
                {"view": BOTH, "links": True, "axes": COLUMNS},
            ),
            Option(
                "The list",
                "It measures in all columns, where the model computes. The plot is a shadow of that.",
                "Should I trust the nearest neighbour list or the picture?",
                {"view": BOTH, "links": True},
            ),
            Option(
                "Neither of them",
                "Doubt is healthy with a shadow. The list, though, leaves nothing out: it is exact for its measure.",
                "Can I trust neither the embedding plot nor the neighbour list?",
                {"view": BOTH, "links": True},
            ),
            Option(
                "Whichever shows them closer",
                "A shadow can only bring points together, never apart, so the closer one is the less reliable.",
                "Are words close if either the plot or the list says so?",
                {"view": BOTH, "links": True, "columns": "16"},
            ),
        ),
        answer=1,
    ),
)
