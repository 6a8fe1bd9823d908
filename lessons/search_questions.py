"""Questions that are asked often and that no quiz asks: error messages, first worries, names of functions."""

from collections.abc import Mapping
from typing import Any, NamedTuple

PROBE, PADDING = {"view": "Probe one id"}, {"view": "Padding and mask"}


class Asked(NamedTuple):
    """A question, its answer in a sentence or two, and the lesson and settings that show it."""

    question: str
    says: str
    lesson: str
    settings: Mapping[str, Any] = {}


OFTEN = (
    Asked("Why do I get “index out of range in self”?",
          "An id is negative, or as large as the number of rows or larger. The table needs the largest id + 1 rows.",
          "ids", {"rows": 4}),
    Asked("What does InvalidArgumentError “indices is not in [0, 4)” mean?",
          "The same in TensorFlow: an id has no row. On a CPU it stops; make input_dim larger, or mend the ids.",
          "ids", PROBE),
    Asked("Can I use 0 as an id?",
          "Yes. Ids begin at 0: it is a row like any other, unless you keep it for padding.", "ids", PADDING),
    Asked("Can I look up a float, a decimal number such as 3.7?",
          "PyTorch refuses it, Keras cuts it to 3. An id is the number of a row, not a quantity.",
          "ids", PROBE | {"probe": 3.7}),
    Asked("Can an id be negative?",
          "PyTorch refuses −1; Keras reads the last row without a word.", "ids", PROBE | {"probe": -1}),
    Asked("What happens to a word that is not in the vocabulary?",
          "It has no id. Keep one row for all unknown words, or leave such words out.",
          "ids", {"unk": True, "rows": 6}),
    Asked("Do I have to one-hot encode my words first?",
          "No. The layer takes ids. One-hot rows times the table would give the same, at a higher cost.", "lookup"),
    Asked("What does num_embeddings, or input_dim, mean?",
          "The number of rows of the table: the largest id + 1.", "ids", {"rows": 5}),
    Asked("What does embedding_dim, or output_dim, mean?",
          "How many numbers each row has. More of them can hold more, and cost more.", "box"),
    Asked("How large should the dimension of an embedding be?",
          "Nothing fixes it. Small tasks do with 2 to 16 columns; watch what a larger D changes.",
          "task", {"columns": "8"}),
    Asked("Does an embedding understand the meaning of words?",
          "No. A row holds what the loss rewards, and another loss gives other neighbours.", "task"),
    Asked("Is training an Embedding supervised or unsupervised?",
          "The layer does not know. With labels it is supervised; CBOW takes a word of the text itself as the label.",
          "models"),
    Asked("What is the difference between an Embedding layer and word2vec?",
          "word2vec is a way to train two such tables. The layer is one table, whatever trains it.",
          "models", {"preset": "Negative sampling"}),
    Asked("How can I visualise or plot my embeddings?",
          "Project the rows on two axes, with PCA for example, and say how much of the spread the picture keeps.",
          "picture"),
    Asked("How do I get the vector of one word?",
          "Read its row: emb.weight[id] in PyTorch, emb.embeddings[id] in Keras.", "lookup"),
    Asked("Why does my word vector, or the whole table, not change?",
          "Rows move when they are read, or when momentum or decay moves them. A frozen table never moves.", "movers"),
    Asked("Does king − man + woman give queen?",
          "With enough columns and tidy texts. The optional lab counts how often.", "near"),
    Asked("Do embeddings of unused words change?",
          "With SGD no. Momentum, Adam and weight decay can move a row that no step reads.",
          "movers", {"view": "All optimizers"}),
    Asked("How do I load pretrained vectors such as GloVe?",
          "Put them into the table, row by row in the order of your ids, and decide whether to freeze it.", "reuse"),
    Asked("Is the embedding trained by backpropagation?",
          "Yes: the gradient of each row that was read is added into that row.", "gradient"),
    Asked("What shape comes out of an Embedding layer?",
          "The shape of the ids with D at its end: ids (2, 4) give (2, 4, D).", "ids", {"rows": 5}),
    Asked("Can I use an Embedding for categories that are not words?",
          "Yes. Anything with ids will do, countries for example.", "task", {"data": "142 countries"}),
    Asked("Is nn.Embedding just a lookup table?",
          "Yes, with weights that training changes: no bias, no activation.", "box"),
)  # fmt: skip
