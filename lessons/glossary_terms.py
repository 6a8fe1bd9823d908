"""The words of the course: one plain sentence each, what others call it, and the lesson where one meets it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """A word. others: {who: what they say, separated by commas}; settings: what the lesson opens with."""

    name: str
    says: str
    others: Mapping[str, str]
    lesson: str  # its slug
    settings: Mapping[str, Any] = field(default_factory=dict)


TERMS: Mapping[str, tuple[Term, ...]] = {
    "The layer": (
        Term(
            "Embedding layer",
            "A table with one row for each id. It gives back copies of the rows it is asked for, and nothing else.",
            {"PyTorch": "nn.Embedding", "Keras": "layers.Embedding", "Flax": "nn.Embed", "papers": "lookup layer"},
            "box",
        ),
        Term(
            "Table",
            "All trainable numbers of the layer, one row for each id.",
            {"PyTorch": "weight", "Keras": "embeddings", "Flax": "embedding", "papers": "C, wte, W_E, look-up table"},
            "box",
        ),
        Term(
            "Number of rows, V",
            "The largest id plus one: ids begin at 0, and the table must own every id that is sent.",
            {"PyTorch, Flax": "num_embeddings", "Keras": "input_dim", "papers": "vocab_size, vocabulary size, n_vocab"},
            "ids",
            {"rows": 5},
        ),
        Term(
            "Dimension, D",
            "How many numbers a row has.",
            {
                "PyTorch": "embedding_dim",
                "Keras": "output_dim",
                "Flax": "features",
                "papers": "n_embd, d_model, embedding size, dimensions",
            },
            "box",
            {"columns": 64},
        ),
        Term(
            "Look-up",
            "Copying rows out of the table. Nothing is multiplied.",
            {
                "PyTorch": "F.embedding, weight[ids]",
                "Keras": "ops.take",
                "TensorFlow": "tf.gather, embedding_lookup",
                "JAX": "jnp.take",
                "papers": "gather, indexing",
            },
            "lookup",
        ),
        Term(
            "One-hot row",
            "A row of zeros with a single 1 at the place of the id. It explains the look-up, which does not need it.",
            {"PyTorch": "F.one_hot", "Keras": "ops.one_hot", "JAX": "jax.nn.one_hot", "statistics": "indicator, dummy"},
            "lookup",
        ),
        Term(
            "Dense layer",
            "Multiplies its input by a kernel and adds a bias. On one-hot rows and without bias it equals the look-up.",
            {"PyTorch": "nn.Linear", "Keras": "layers.Dense", "Flax": "nn.Dense", "papers": "fully connected, affine"},
            "box",
            {"layer": "Dense"},
        ),
        Term(
            "Kernel",
            "The table of a Dense layer. PyTorch stores it turned round: one row for each output.",
            {
                "PyTorch": "weight of shape (out × in)",
                "Keras": "kernel of shape (in × out)",
                "papers": "W, weight matrix",
            },
            "box",
            {"layer": "Dense"},
        ),
        Term(
            "Bias",
            "One number for each column of the output, added whatever comes in.",
            {"PyTorch": "bias=False leaves it out", "Keras": "use_bias", "papers": "b, intercept, offset"},
            "box",
            {"layer": "Dense"},
        ),
        Term(
            "Activation",
            "A function applied to each number of the output; relu puts 0 for negative ones.",
            {"PyTorch": "F.relu", "Keras": "activation", "papers": "nonlinearity, transfer function"},
            "box",
            {"layer": "Dense", "activation": "relu"},
        ),
        Term(
            "Start values",
            "The random numbers before training: standard deviation 1 in PyTorch 2.13, between ±0.05 in Keras 3.15.",
            {"PyTorch": "reset_parameters", "Keras": "embeddings_initializer", "papers": "initialization, init"},
            "box",
            {"start": "Keras"},
        ),
    ),
    "In and out": (
        Term(
            "Ids",
            "Whole numbers that say which rows are read. They are addresses, not amounts.",
            {"PyTorch, NumPy": "indices, idx", "papers": "token ids, x"},
            "lookup",
        ),
        Term(
            "Output",
            "The rows that were read, in the order of the ids, with repeats.",
            {"code": "out, emb, hidden states", "papers": "word vectors, embeddings"},
            "lookup",
        ),
        Term(
            "Token",
            "A piece of text that has an id. In this course it is a word.",
            {"papers": "word, subword, wordpiece, symbol"},
            "ids",
        ),
        Term(
            "Vocabulary",
            "The list that gives each token its id.",
            {"Keras": "StringLookup, TextVectorization", "code": "stoi, word_index, word2id"},
            "ids",
        ),
        Term(
            "Unknown word",
            "A word without an id of its own. One row can be kept for all of them.",
            {"papers": "unk, out-of-vocabulary, OOV", "Keras": "oov_token"},
            "ids",
            {"unk": True, "rows": 6},
        ),
        Term(
            "Padding",
            "Fills up short sentences. PyTorch 2.13's padding_idx: its row starts at 0 and gets no gradient.",
            {"PyTorch": "padding_idx", "papers": "pad, <pad>"},
            "ids",
            {"view": "Padding and mask"},
        ),
        Term(
            "Mask",
            "Says which places are padding, so that later layers can leave them out. Row 0 itself stays as it is.",
            {"Keras": "mask_zero, compute_mask", "papers": "attention_mask, padding mask"},
            "ids",
            {"view": "Padding and mask"},
        ),
        Term(
            "Batch",
            "Several examples at once: ids of shape (B, L) give an output of shape (B, L, D).",
            {"Keras": "batch_size", "papers": "mini-batch"},
            "ids",
            {"rows": 5},
        ),
        Term(
            "nan",
            "Not a number: what comes out where there is nothing to compute with. It spreads to all that it meets.",
            {"JAX, NumPy": "nan, NaN", "papers": "undefined"},
            "ids",
        ),
        Term(
            "Bag, pooling",
            "Several rows made into one: their mean, their sum, or the largest number of each column.",
            {
                "PyTorch": "nn.EmbeddingBag",
                "Keras": "GlobalAveragePooling1D",
                "TensorFlow": "combiner",
                "papers": "bag of words, averaging",
            },
            "gradient",
            {"pooling": "sum"},
        ),
    ),
    "Gradient": (
        Term(
            "Loss",
            "One number that says how wrong the answers are. Training makes it smaller.",
            {"Keras": "loss", "PyTorch": "criterion", "papers": "cost, objective"},
            "gradient",
        ),
        Term(
            "Gradient of the output",
            "How much the loss would change with each number that came out: one row for each id that was read.",
            {"PyTorch": "grad_output", "TensorFlow": "upstream gradient", "JAX": "cotangent", "code": "dout, dH"},
            "gradient",
        ),
        Term(
            "Gradient of the table",
            "The rows of the output's gradient, added into the rows they were read from. Rows not read get zero.",
            {"PyTorch": "grad_weight, weight.grad", "code": "dW, dE"},
            "gradient",
        ),
        Term(
            "Scatter-add",
            "Adding rows into a table at given ids; an id that comes twice is added twice.",
            {
                "NumPy": "np.add.at",
                "PyTorch": "index_add_, embedding_dense_backward",
                "TensorFlow": "unsorted_segment_sum",
                "JAX": ".at[ids].add",
            },
            "gradient",
        ),
        Term(
            "Sparse gradient",
            "A gradient that lists only the rows that were read, with their ids.",
            {"PyTorch": "sparse=True, COO tensor", "TensorFlow": "IndexedSlices"},
            "movers",
            {"view": "All optimizers"},
        ),
        Term(
            "Backpropagation",
            "Working out all gradients from the loss backwards, step by step, by the chain rule.",
            {"PyTorch": "backward, autograd", "TensorFlow": "GradientTape", "JAX": "grad, vjp", "papers": "backprop"},
            "gradient",
        ),
    ),
    "Update": (
        Term(
            "Learning rate",
            "What the gradient is multiplied by before it is taken away from the table.",
            {"PyTorch": "lr", "Keras": "learning_rate", "papers": "step size, eta, alpha"},
            "gradient",
            {"rate": 2.5},
        ),
        Term(
            "Optimizer",
            "The rule that makes a change of the table out of its gradient, often with a memory of earlier gradients.",
            {"PyTorch": "torch.optim", "Keras": "keras.optimizers", "JAX": "optax", "papers": "update rule"},
            "movers",
            {"view": "All optimizers"},
        ),
        Term(
            "SGD",
            "The plain update: the table minus learning rate times gradient. A row without gradient stands still.",
            {"PyTorch": "optim.SGD", "Keras": "optimizers.SGD", "papers": "stochastic gradient descent"},
            "movers",
            {"view": "Step by step", "optimizer": "SGD"},
        ),
        Term(
            "Momentum",
            "Each update also repeats part of the one before, so a row can move on after it was last read.",
            {"PyTorch": "momentum, momentum_buffer", "Keras": "momentum", "papers": "velocity, heavy ball"},
            "movers",
            {"view": "Step by step", "optimizer": "SGD, momentum 0.9"},
        ),
        Term(
            "Adam",
            "An update that remembers, for each number, its gradients and their squares. Rows move while that lasts.",
            {"PyTorch": "optim.Adam, exp_avg", "Keras": "optimizers.Adam", "papers": "adaptive moments"},
            "movers",
            {"view": "Step by step", "optimizer": "Adam"},
        ),
        Term(
            "Weight decay",
            "Each step takes the numbers a little nearer to 0. AdamW does so with rows that were never read too.",
            {"PyTorch, Keras": "weight_decay, AdamW", "papers": "shrinkage; L2 (the same for plain SGD only)"},
            "movers",
            {"view": "Step by step", "optimizer": "AdamW"},
        ),
        Term(
            "SparseAdam",
            "Adam for sparse gradients: rows that were not read stand still, and their memories too.",
            {"PyTorch": "optim.SparseAdam", "papers": "lazy Adam"},
            "movers",
            {"view": "All optimizers"},
        ),
    ),
    "Models around it": (
        Term(
            "Head",
            "What stands behind the table and turns rows into an answer. The table does not know which one it is.",
            {"papers": "output layer, decoder, unembedding"},
            "models",
            {"preset": "Classifier"},
        ),
        Term(
            "Word2vec",
            "Two models, CBOW and skip-gram, that learn word vectors from neighbouring words. Each has two tables.",
            {"papers": "distributed representations, static embeddings"},
            "models",
            {"preset": "CBOW", "tables": True},
        ),
        Term(
            "CBOW",
            "The mean of the neighbours' rows has to guess the word in the middle.",
            {"papers": "continuous bag of words"},
            "models",
            {"preset": "CBOW"},
        ),
        Term(
            "Skip-gram",
            "The row of the word in the middle has to guess each neighbour.",
            {"papers": "SGNS, skip-gram with negative sampling"},
            "models",
            {"preset": "Skip-gram"},
        ),
        Term(
            "Negative sampling",
            "The model tells true neighbours from a few randomly drawn words, instead of choosing among all words.",
            {"papers": "negatives, noise words, noise distribution"},
            "models",
            {"preset": "Negative sampling"},
        ),
        Term(
            "Center and context",
            "The word in the middle of a window, and the words beside it. Others call either of them the target.",
            {"papers": "focus word, surrounding words, target, window"},
            "models",
            {"preset": "Skip-gram"},
        ),
        Term(
            "Second table",
            "The weights of the layer that gives the scores, one row or column for each word. Often thrown away later.",
            {"papers": "output embeddings, context vectors, syn1, U, W'"},
            "models",
            {"preset": "CBOW", "tables": True},
        ),
        Term(
            "Logits",
            "The scores before softmax or sigmoid: any numbers, not yet probabilities.",
            {"PyTorch": "with_logits", "Keras": "from_logits", "papers": "scores, pre-activations"},
            "models",
        ),
        Term(
            "Sigmoid",
            "Turns one score z into a chance between 0 and 1: 1 / (1 + e^−z).",
            {"PyTorch": "torch.sigmoid", "Keras": "activation sigmoid", "papers": "logistic function, σ"},
            "gradient",
            {"step": 3},
        ),
        Term(
            "Softmax",
            "Turns scores into probabilities that add up to 1.",
            {"PyTorch": "F.softmax", "Keras": "activation softmax", "papers": "normalized exponential"},
            "models",
        ),
        Term(
            "Cross-entropy",
            "The loss of a guess: minus the logarithm of the probability that the right answer was given.",
            {
                "PyTorch": "F.cross_entropy, nll_loss",
                "Keras": "sparse_categorical_crossentropy",
                "papers": "log loss, negative log-likelihood",
            },
            "models",
            {"preset": "CBOW", "steps": 0},
        ),
    ),
    "Looking at the space": (
        Term(
            "Space",
            "The rows of the table, thought of as points. What is near depends on the task that moved them.",
            {"papers": "embedding space, vector space, latent space"},
            "task",
        ),
        Term(
            "PCA",
            "Turns the cloud of points so that the widest directions lie on the page. The rest is left out.",
            {"scikit-learn": "PCA", "papers": "principal components, SVD of the centred table"},
            "picture",
        ),
        Term(
            "Explained variance",
            "How much of the spread is on the page. It says nothing about whether training worked.",
            {"scikit-learn": "explained_variance_ratio_"},
            "picture",
            {"colours": True},
        ),
        Term(
            "Neighbours kept",
            "How many points have the same nearest neighbour on the page as in all dimensions.",
            {"papers": "trustworthiness, neighbourhood preservation, fidelity"},
            "picture",
            {"colours": True, "links": True},
        ),
        Term(
            "Semantic axis",
            "A direction that is named by pairs of opposite words, such as from bad to good.",
            {"papers": "concept direction, semantic differential"},
            "picture",
            {"axes": "Word pairs", "colours": True},
        ),
        Term(
            "Silhouette",
            "How well groups are apart, from −1 to 1. Around 0 they lie in one another.",
            {"scikit-learn": "silhouette_score"},
            "task",
        ),
        Term(
            "Nearest neighbour",
            "The row at the smallest distance from a given one. Another distance can name another row.",
            {"papers": "k-NN, most similar", "gensim": "most_similar"},
            "near",
        ),
        Term(
            "Cosine similarity",
            "The cosine of the angle between two rows, from −1 to 1. Their lengths do not count.",
            {
                "PyTorch": "F.cosine_similarity",
                "Keras": "metrics.CosineSimilarity",
                "papers": "cosine, normalized dot product",
            },
            "near",
            {"metric": "cosine"},
        ),
        Term(
            "Dot product",
            "The products of two rows' numbers, added up. Long rows give large results.",
            {"NumPy": "a @ b", "papers": "inner product, scalar product"},
            "near",
            {"metric": "dot"},
        ),
        Term(
            "Euclidean distance",
            "The length of the straight line between two points.",
            {"NumPy": "np.linalg.norm(a - b)", "papers": "L2 distance"},
            "near",
            {"metric": "Euclid"},
        ),
    ),
    "Reuse": (
        Term(
            "Pretrained",
            "Rows that were trained before, on another task, and are loaded into the table.",
            {"PyTorch": "from_pretrained", "Keras": "set_weights", "papers": "transfer learning, GloVe, fastText"},
            "reuse",
            {"mode": "Frozen"},
        ),
        Term(
            "Frozen",
            "A table that training does not change. from_pretrained of PyTorch 2.13 freezes it unless told not to.",
            {"PyTorch": "requires_grad=False, freeze=True", "Keras": "trainable=False"},
            "reuse",
            {"mode": "Frozen"},
        ),
        Term(
            "Fine-tuned",
            "A pretrained table that goes on learning. Rows the labels never mention stay behind.",
            {"PyTorch": "freeze=False", "Keras": "trainable=True", "papers": "adaptation"},
            "reuse",
            {"mode": "Fine-tuned"},
        ),
        Term(
            "Tied weights",
            "One table for reading rows and for scoring words. It counts once; a softmax gives every row a gradient.",
            {
                "PyTorch": "out.weight = emb.weight",
                "Keras": "ReversibleEmbedding",
                "Flax": "attend",
                "papers": "weight tying, shared embeddings",
            },
            "reuse",
        ),
    ),
}
