"""Plant typical mistakes in the core, one at a time in a copy of the tree, and see which test notices: `make mutants`.

To add one: the mistake in words, the file, a piece of its text that occurs once, what it becomes, the tests to run.
Leaves with status 1 if a mistake goes unnoticed, or if a text is no longer there to be spoilt.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs/mutants.md"
COPIED = ("core", "tests", "pyproject.toml")
AT_ONCE = 2
PATIENCE = 120  # seconds; a mistake may make a test run for ever
# Derandomised, so that the table stays the same; what drives a browser is left out.
PYTEST = (
    "-x",
    "-q",
    "--noconftest",
    "--hypothesis-profile=ci",
    "-pno:cacheprovider",
    "-pno:playwright",
    "-pno:base-url",
)
FAILED = re.compile(r"^FAILED tests/(?P<test>\S+?::.+?)(?: - (?P<why>.*))?$", re.MULTILINE)
MISSPELT = re.compile(r"NameError|AttributeError|UnboundLocalError|SyntaxError")  # not a mistake, but a broken program
SURVIVED = "**survived**"
NAMED = (ast.FunctionDef, ast.ClassDef)
HEAD = """# Mistakes that the tests notice

`make mutants` plants one mistake at a time in a copy of `core/`, runs the tests of that part until one fails, and
writes this table. A mistake that no test notices is marked **survived**, and then the command fails.

| Mistake | Planted in | Noticed first by |
|---|---|---|
"""


class Mutant(NamedTuple):
    """One mistake."""

    mistake: str
    file: str  # in core/
    old: str
    new: str
    tests: str  # the file tests/test_<tests>.py


MUTANTS = (
    # The layer
    Mutant("Negative ids wrap around to the last rows", "table.py", "(array < 0) | (array >= num_embeddings)",
           "(array < -num_embeddings) | (array >= num_embeddings)", "table"),
    Mutant("The first id beyond the table is let through", "table.py", "(array >= num_embeddings)",
           "(array > num_embeddings)", "table"),
    Mutant("Ids that are not whole are rounded down", "table.py", "np.issubdtype(array.dtype, np.integer)",
           "np.issubdtype(array.dtype, np.number)", "table"),
    Mutant("One-hot is off by one", "table.py", "np.equal(checked[..., None], np.arange(num_embeddings))",
           "np.equal(checked[..., None], np.arange(num_embeddings) + 1)", "table"),
    Mutant("Scatter-add assigns: of a repeated id the last gradient stays", "gradient.py",
           "np.add.at(grad_weight, checked, gradients)", "grad_weight[checked] = gradients", "gradient"),
    Mutant("The gradient is averaged over repeats, not summed", "gradient.py",
           "np.add.at(grad_weight, checked, gradients)",
           "np.add.at(grad_weight, checked, divided_by_count(checked, gradients, num_embeddings))", "gradient"),
    Mutant("Scaling by frequency divides by the number of all ids", "gradient.py",
           "counts[:, None].astype(gradients.dtype)", "len(counts)", "layer_options"),
    Mutant("The bias of a Dense layer gets the mean of its gradients", "gradient.py", "flat_output.sum(axis=0)",
           "flat_output.mean(axis=0)", "layer_options"),
    Mutant("The padding row gets a gradient", "padding.py", "checked != padding_row(padding_idx, num_embeddings)",
           "np.full(checked.shape, True)", "padding"),
    Mutant("Keras's masked mean counts the padding", "masks.py", "mask.sum(axis=1)",
           "np.full(len(mask), mask.shape[1])", "masks"),
    Mutant("max_norm shortens rows that were not read", "norms.py",
           "np.unique(check_indices(indices, len(weight)))", "np.arange(len(weight))", "norms"),
    Mutant("A tied table forgets the gradient of the scores", "tying.py",
           "scatter_add(indices, grad_output, grad_logits.shape[1]) + grad_logits.T @ hidden",
           "scatter_add(indices, grad_output, grad_logits.shape[1])", "tying"),
    # Bags
    Mutant("Padding is pooled with the words", "bags.py", "kept = checked != padding",
           "kept = np.full(checked.shape, True)", "bags"),
    Mutant("The mean of a bag counts the padding", "embedding_bag.py", "averaged(bags.pools)",
           "(averaged(bags.pools) if bags.kept.ndim == 1 else"
           " replace(bags.pools, shares=np.full(bags.kept.sum(), 1 / bags.kept.shape[1])))", "embedding_bag"),
    Mutant("The mean's gradient is that of a sum", "embedding_bag.py",
           "spread_rows(pools,", 'spread_rows(bags.pools.astype(weight.dtype) if mode == "mean" else pools,',
           "embedding_bag"),
    Mutant("The maximum of an empty bag is minus infinity", "embedding_bag.py", "largest[pools.lengths == 0] = 0",
           "pass", "embedding_bag"),
    Mutant("A row that is the largest in two bags gets one gradient", "embedding_bag.py",
           "np.add.at(gradient, (pools.indices[winners[bag, column]], column), grad_output[bag, column])",
           "gradient[pools.indices[winners[bag, column]], column] = grad_output[bag, column]", "embedding_bag"),
    Mutant("Per-sample weights get their neighbours' gradients where there is padding", "embedding_bag.py",
           "gradient[bags.kept] =", "gradient.ravel()[: bags.kept.sum()] =", "embedding_bag"),
    # Sparse gradients
    Mutant("Coalescing keeps one of the repeats", "sparse.py",
           "read_rows(offsets, order, np.ones(number, values.dtype), self.values, values)",
           "values[:] = self.values[np.unique(self.indices, return_index=True)[1]]", "sparse"),
    Mutant("Rows that repeat in order are not summed before the step", "row_steps.py",
           "gradient.indices[1:] > gradient.indices[:-1]", "gradient.indices[1:] >= gradient.indices[:-1]",
           "optimizers"),
    Mutant("A sparse step reads the memory of other rows", "row_steps.py", "array.take(rows, 0) for array",
           "array[: len(rows)] for array", "optimizers"),
    Mutant("Coalescing does not keep the order in which gradients came", "sparse.py",
           "keys & (1 << bits) - 1", "np.argsort(self.indices)", "mutant_gaps"),
    # Optimizers
    Mutant("Momentum forgets its velocity", "optimizers.py",
           "-learning_rate * velocity, State(state.steps + 1, (velocity,))", "-learning_rate * velocity, state",
           "optimizers"),
    Mutant("Nesterov does not look ahead", "optimizers.py", "-learning_rate * (gradient + decay * velocity)",
           "-learning_rate * velocity", "optimizers"),
    Mutant("Adagrad: eps inside the root", "optimizers.py", "(np.sqrt(total) + eps)", "np.sqrt(total + eps)",
           "optimizers"),
    Mutant("RMSprop sums the squares instead of averaging them", "optimizers.py",
           "(1 - decay) * gradient * gradient", "gradient * gradient", "optimizers"),
    Mutant("Adam: eps inside the root", "optimizers.py", "np.sqrt(square) / (1 - beta2**steps) ** 0.5 + eps",
           "np.sqrt(square / (1 - beta2**steps) + eps)", "optimizers"),
    Mutant("Adam: eps before the bias correction, Keras's place", "optimizers.py",
           "np.sqrt(square) / (1 - beta2**steps) ** 0.5 + eps", "(np.sqrt(square) + eps) / (1 - beta2**steps) ** 0.5",
           "optimizers"),
    Mutant("Adam: no bias correction of the mean", "optimizers.py", "-learning_rate / (1 - beta1**steps) * mean",
           "-learning_rate * mean", "optimizers"),
    Mutant("Adam: the power of beta is one too high", "optimizers.py", "/ (1 - beta1**steps) * mean",
           "/ (1 - beta1 ** (steps + 1)) * mean", "optimizers"),
    Mutant("AdamW decays into the gradient", "optimizers.py",
           "with_decoupled_decay(adam(learning_rate, beta1, beta2, eps), learning_rate * weight_decay)",
           "adam(learning_rate, beta1, beta2, eps, weight_decay)", "optimizers"),
    Mutant("AdamW's decay is not times the learning rate", "optimizers.py",
           "eps), learning_rate * weight_decay)", "eps), weight_decay)", "optimizers"),
    Mutant("L2 weight decay has the wrong sign", "weight_decay.py", "gradient + weight_decay * parameters",
           "gradient - weight_decay * parameters", "optimizers"),
    Mutant("Decoupled weight decay has the wrong sign", "weight_decay.py", "delta - share * parameters",
           "delta + share * parameters", "optimizers"),
    Mutant("Nesterov ignores weight decay", "optimizers.py",
           "everywhere(update)), weight_decay)\n\n\ndef adagrad", "everywhere(update)), 0)\n\n\ndef adagrad",
           "mutant_gaps"),
    Mutant("Adagrad has Adam's eps", "optimizers.py", "eps: float = 1e-10", "eps: float = 1e-8", "mutant_gaps"),
    Mutant("Keras's Adagrad has PyTorch's eps", "keras_optimizers.py", "start: float = 0.1, eps: float = 1e-7",
           "start: float = 0.1, eps: float = 1e-10", "mutant_gaps"),
    # Losses and heads
    Mutant("The squared errors of an example are summed, in loss and gradient", "losses.py",
           "np.square(off).mean(axis=1), off * (2 / outputs.shape[1])", "np.square(off).sum(axis=1), off * 2",
           "mutant_gaps"),
    Mutant("CBOW sums the neighbours", "tasks.py", "means(indices, offsets, num_embeddings), centers",
           "sums(indices, offsets, num_embeddings), centers", "mutant_gaps"),
    Mutant("Categories that are added up are averaged", "tasks.py", "sums(*unpadded(_in_one_table(categories, sizes)",
           "means(*unpadded(_in_one_table(categories, sizes)", "mutant_gaps"),
    Mutant("A word that never occurs can be drawn", "examples.py", 'side="right"', 'side="left"', "mutant_gaps"),
    Mutant("Softmax does not subtract the largest score", "losses.py",
           "logits - np.maximum.reduce(logits, axis=-1, keepdims=True)", "logits.copy()", "losses"),
    Mutant("The error of the sigmoid has the wrong sign", "losses.py",
           "shares - labels[:, None].astype(logits.dtype)", "labels[:, None].astype(logits.dtype) - shares", "losses"),
    Mutant("The gradient of the squared error forgets its 2", "losses.py", "off * (2 / outputs.shape[1])",
           "off / outputs.shape[1]", "heads"),
    Mutant("The negatives' losses are averaged, not summed", "losses.py",
           "np.add.reduce(softplus(logits), axis=1) - logits[:, 0]", "softplus(logits).mean(axis=1) - logits[:, 0]",
           "heads"),
    Mutant("Averaged pools are summed", "pools.py", "np.repeat(1 / np.maximum(lengths, 1), lengths)",
           "np.ones(lengths.sum())", "heads"),
    Mutant("The kernel is not transposed on the way back", "heads.py",
           "grad_pooled = grad_logits @ kernel.T", "grad_pooled = grad_logits @ kernel", "heads"),
    Mutant("The kernel is not transposed on the way back, in the form to train with", "passes.py",
           "np.dot(self._errors, self._kernel.T, out", "np.dot(self._errors, self._kernel, out", "heads"),
    Mutant("Large scores are not shifted before exp", "passes.py", "if not -MODERATE <", "if False and not -MODERATE <",
           "heads"),
    Mutant("The right label's error is its share", "passes.py", "flat[right] -= self._totals", "pass", "heads"),
    Mutant("The bias's gradient counts every example alike", "passes.py",
           'self._into["bias"][:] = self._grad_matrix[-1]', 'self._into["bias"][:] = self._errors.mean(axis=0)',
           "heads"),
    Mutant("A right word is trained as a negative", "sigmoid_passes.py", "right[:, 0] = 1", "right[:, 0] = 0", "heads"),
    Mutant("The gradient of the step before is not cleared", "row_sums.py",
           "into.fill(0)\n    csc_matvecs", "csc_matvecs", "pools"),
    Mutant("Several contexts: averaged within each center", "tasks.py", "importance=sizes[kept] / sizes.sum()",
           "importance=np.full(len(kept), 1 / len(kept))", "heads"),
    Mutant("Counts: rare words weigh as much as frequent ones", "tasks.py",
           "importance=totals[centers] / totals.sum()", "importance=np.full(len(centers), 1 / len(centers))", "heads"),
    Mutant("Only the last portion of a batch counts", "batch_gradient.py", "self.flat += self._portion",
           "self.flat[:] = self._portion", "training"),
    Mutant("Columns of categories share their rows", "tasks.py", "np.cumsum([0, *sizes[:-1]])",
           "np.zeros(len(sizes), int)", "heads"),
    Mutant("Negatives are drawn as often as the words occur", "negatives.py",
           "np.asarray(counts, np.float64) ** power", "np.asarray(counts, np.float64)", "heads"),
    Mutant("The expected form forgets how many negatives there are", "negatives_heads.py",
           "self.negatives * self.noise", "self.noise", "heads"),
    Mutant("Drawing negatives draws the context too", "examples.py",
           "targets[:, 1:] = draw(self.noise, targets[:, 1:].shape, rng)",
           "targets[:] = draw(self.noise, targets.shape, rng)", "heads"),
    Mutant("The importance of a mini-batch is not rescaled", "examples.py",
           "importance=importance / totals", "importance=importance", "heads"),
    # Training
    Mutant("`explain` shows the step after", "training.py", "training.advance(step)", "training.advance(step + 1)",
           "training"),
    Mutant("An epoch draws with replacement", "batches.py", "self._rng.permutation(number)",
           "self._rng.integers(0, number, number)", "training"),
    Mutant("Every epoch has the same order", "batches.py", "self._rng.permutation(number)", "np.arange(number)",
           "mutant_gaps"),
    Mutant("Negatives are drawn once for all epochs", "batches.py",
           "self.epoch = epoch.redrawn(self._rng)",
           "self.epoch = epoch if self.size < number else epoch.redrawn(self._rng)", "mutant_gaps"),
    Mutant("Negatives are drawn once for all steps", "batches.py",
           "if self.size == number and self.epoch.noise is None:", "if self.size == number:", "mutant_gaps"),
    Mutant("Adam in place corrects the mean by one step too few", "in_place.py", "(1 - beta1**self._steps)",
           "(1 - beta1 ** (self._steps + 1))", "optimizers"),
    Mutant("Adam in place forgets the old mean", "in_place.py", "self._mean *= self._beta1", "self._mean[:] = 0",
           "optimizers"),
    Mutant("Glorot's limit forgets the outputs", "initializers.py", "6 / (num_inputs + units)", "6 / num_inputs",
           "mutant_gaps"),
    Mutant("PyTorch's Linear starts with the limit of LeCun", "initializers.py", "1 / np.sqrt(num_inputs)",
           "np.sqrt(3 / num_inputs)", "mutant_gaps"),
    # Text and pictures
    Mutant("Windows cross from one document into the next", "neighbours.py",
           "np.maximum(position - radius, first), np.minimum(position + radius, last)",
           "np.maximum(position - radius, 0), np.minimum(position + radius, len(ids) - 1)", "neighbours"),
    Mutant("A word is its own neighbour", "neighbours.py", "reach += reach >= np.repeat(position, size)",
           "reach += reach > np.repeat(position, size)", "neighbours"),
    Mutant("Principal axes keep the sign that eigh gives", "projection.py",
           "basis * np.sign(basis[np.abs(basis).argmax(axis=0), range(dimensions)])", "basis", "projection"),
    Mutant("One mean for the whole run is removed, not each frame's", "projection.py",
           "snapshots - _middles(snapshots[:, fitted])", "snapshots - snapshots[:, fitted].mean(axis=(0, 1))",
           "projection"),
    Mutant("A silhouette counts a point among its own neighbours", "fidelity.py", "axis=2) - 1)", "axis=2) - 0)",
           "fidelity"),
    Mutant("A word is its own nearest neighbour", "fidelity.py", "range(frames.shape[1])] = np.inf",
           "range(frames.shape[1])] = -np.inf", "fidelity"),
)  # fmt: skip


TESTS = sorted({mutant.tests for mutant in MUTANTS})


def main() -> int:
    """Check the tests without a mistake, then each mistake; write the table."""
    start = perf_counter()
    with copied(ROOT, COPIED) as tree:  # what is edited meanwhile plays no part
        if misfits := [mutant for mutant in MUTANTS if _source(tree, mutant).count(mutant.old) != 1]:
            print(*(f"must occur exactly once in core/{misfit.file}: {misfit.old}" for misfit in misfits), sep="\n")
            return 1
        noticed = []
        with ThreadPoolExecutor(AT_ONCE) as threads:
            if failed := next(filter(None, threads.map(partial(first_failure, tree), TESTS)), ""):
                print(f"{failed} fails without any mistake")
                return 1
            for mutant, test in zip(MUTANTS, threads.map(partial(noticed_by, tree), MUTANTS), strict=True):
                print(f"{mutant.mistake}\n    {test or SURVIVED}", flush=True)
                noticed.append(test)
        TABLE.write_text(table(tree, noticed), encoding="utf-8")
    print(f"{sum(map(bool, noticed))} of {len(MUTANTS)} mistakes noticed. {perf_counter() - start:.0f} s.")
    return 0 if all(noticed) else 1


def noticed_by(tree: Path, mutant: Mutant) -> str:
    """Plant one mistake in a copy of the tree and run its tests: the first that fails, or ""."""
    with copied(tree, COPIED) as spoilt:
        Path(spoilt, "core", mutant.file).write_text(
            _source(tree, mutant).replace(mutant.old, mutant.new), encoding="utf-8"
        )
        return first_failure(spoilt, mutant.tests)


def first_failure(tree: Path, tests: str) -> str:
    """Run a file of tests of a tree: the first that fails, or "". RuntimeError if something else than a test fails."""
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", *PYTEST, f"tests/test_{tests}.py"],
        cwd=tree, env=_environment(), capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    failed = FAILED.search(ran.stdout)
    if ran.returncode == 0:
        return ""
    if ran.returncode != 1 or not failed or MISSPELT.search(failed["why"] or ""):
        raise RuntimeError(f"{ran.stdout}{ran.stderr}")
    return failed["test"]


@contextmanager
def copied(tree: Path, names: Sequence[str]) -> Iterator[Path]:
    """A copy of some files and folders of a tree, without what was compiled: a stale file would hide the mistake."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            if (tree / name).is_dir():
                shutil.copytree(tree / name, Path(folder, name), ignore=shutil.ignore_patterns("__pycache__", "parity"))
            else:
                shutil.copy(tree / name, folder)
        yield Path(folder)


def table(tree: Path, noticed: Sequence[str]) -> str:
    """What main found, as Markdown."""
    rows = [
        f"| {mutant.mistake} | `core/{mutant.file}`, `{place(tree, mutant)}` | {f'`{test}`' if test else SURVIVED} |"
        for mutant, test in zip(MUTANTS, noticed, strict=True)
    ]
    return f"{HEAD}{chr(10).join(rows)}\n"


def place(tree: Path, mutant: Mutant) -> str:
    """The function that is spoilt, as `function` or `Class.method`."""
    source = _source(tree, mutant)
    line = source[: source.index(mutant.old)].count("\n") + 1
    names: list[str] = []
    scope: list[ast.stmt] = ast.parse(source).body
    while around := [node for node in scope if isinstance(node, NAMED) and _covers(node, line)]:
        names.append(around[0].name)
        scope = around[0].body
    return ".".join(names)


def _covers(node: ast.stmt, line: int) -> bool:
    return node.lineno <= line <= (node.end_lineno or node.lineno)


def _source(tree: Path, mutant: Mutant) -> str:
    return Path(tree, "core", mutant.file).read_text(encoding="utf-8")


def _environment() -> dict[str, str]:
    """The reader's, without what would change a run; two runs share the machine; long lines are not cut."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "PYTHON"))}
    return kept | {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "COLUMNS": "500",
    }


if __name__ == "__main__":
    sys.exit(main())
