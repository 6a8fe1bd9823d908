"""Lesson 6 in code: the model of the task on the screen, small enough to run as it stands."""

from core.records import FloatArray
from lessons.countries import COLUMNS, RATE, SCALE, STEPS, TARGETS, UNITS, countries
from lessons.reviews import ANSWERS, HEADS, WORDS, Recipe
from lessons.reviews import trained as trained_reviews

DATA = """import numpy as np

rng = np.random.default_rng(0)  # reviews like those above: three words of one group and a filler
kind = rng.integers(4, size=400)  # good food, bad food, good film, bad film
ids = np.column_stack([4 * kind[:, None] + rng.integers(4, size=(400, 3)), rng.integers(16, 20, 400)])
ids = rng.permuted(ids, axis=1)  # in any order
"""
LABELS = {  # of the generated kinds, numbered as in ANSWERS
    "Good or bad": "1 - kind % 2  # 1: good",
    "Food or film": "1 - kind // 2  # 1: food",
    "Both labels": "2 * (1 - kind % 2) + 1 - kind // 2",
    "CBOW": "ids[:, 3]  # the missing word; the other three are read",
}


def review_snippets(recipe: Recipe) -> dict[str, str]:
    """numpy, PyTorch and Keras for the toy reviews."""
    head = str(recipe.head)
    outputs, read = len(ANSWERS[HEADS[head].says]), "ids[:, :3]" if head == "CBOW" else "ids"
    table: FloatArray = trained_reviews(recipe).history.snapshots[0]
    rows, columns, width = len(WORDS), recipe.columns, 3 if head == "CBOW" else 4
    count = rows * columns + columns * outputs + outputs
    data = f"{DATA}x, y = {read}, {LABELS[head]}\n"
    first = [round(float(number), 4) for number in table[0, :2]]
    return {
        "numpy": f"""import numpy as np

rng = np.random.default_rng({recipe.seed})
E = rng.normal(0, {recipe.scale:g}, ({rows}, {columns}))  # E[0] begins with {first}
U = rng.normal(0, {recipe.scale:g}, ({columns}, {outputs}))
b = np.zeros({outputs})
E.size + U.size + b.size          # {count}

review = {[0, 2, 1, 16][:width]}  # ids
scores = E[review].mean(axis=0) @ U + b
scores.shape                      # ({outputs},)""",
        "PyTorch": f"""{data}
import torch
from torch import nn

model = nn.Sequential(nn.EmbeddingBag({rows}, {columns}, mode="mean"), nn.Linear({columns}, {outputs}))
nn.init.normal_(model[0].weight, std={recipe.scale:g})  # PyTorch's own start has 1
sum(p.numel() for p in model.parameters())  # {count}

x, y = torch.tensor(x), torch.tensor(y)
optimizer = torch.optim.Adam(model.parameters(), lr={recipe.rate:g})
for step in range({recipe.steps}):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
model[0].weight  # the rows to draw: ({rows}, {columns})""",
        "Keras": f"""{data}
from keras import Input, Sequential, initializers, optimizers
from keras.layers import Dense, Embedding, GlobalAveragePooling1D

start = initializers.RandomNormal(stddev={recipe.scale:g})
model = Sequential([
    Input(({width},), dtype="int32"),
    Embedding({rows}, {columns}, embeddings_initializer=start),
    GlobalAveragePooling1D(),
    Dense({outputs}, activation="softmax"),
])
model.count_params()  # {count}

model.compile(optimizers.Adam({recipe.rate:g}), "sparse_categorical_crossentropy")
model.fit(x, y, batch_size=400, epochs={recipe.steps}, verbose=0)
model.layers[0].get_weights()[0]  # the rows to draw: ({rows}, {columns})""",
    }


def country_snippets(target: str) -> dict[str, str]:
    """The same for the countries: two rows side by side, a hidden layer, one or two numbers."""
    data, outputs = countries(), len(TARGETS[target])
    places, years = len(data.names), len(data.years)
    rows, width = places + years, 2 * COLUMNS
    count = rows * COLUMNS + width * UNITS + UNITS + UNITS * outputs + outputs
    china = data.names.index("China")
    ids = f"[[{china}, {places}]]"
    return {
        "numpy": f"""import numpy as np

rng = np.random.default_rng(0)
E = rng.normal(0, {SCALE:g}, ({rows}, {COLUMNS}))  # {places} countries, then {years} years
ids = np.array({ids})  # China, {data.years[0]}
side_by_side = E[ids].reshape(1, -1)
side_by_side.shape        # (1, {width})""",
        "PyTorch": f"""import torch
from torch import nn

model = nn.Sequential(
    nn.Embedding({rows}, {COLUMNS}),  # {places} countries, then {years} years
    nn.Flatten(),
    nn.Linear({width}, {UNITS}),
    nn.Tanh(),
    nn.Linear({UNITS}, {outputs}),
)
nn.init.normal_(model[0].weight, std={SCALE:g})
sum(p.numel() for p in model.parameters())  # {count}
model(torch.tensor({ids})).shape  # (1, {outputs}): China, {data.years[0]}
optimizer = torch.optim.Adam(model.parameters(), lr={RATE:g})  # {STEPS} steps on the squared error""",
        "Keras": f"""import numpy as np
from keras import Input, Sequential
from keras.layers import Dense, Embedding, Flatten

model = Sequential([
    Input((2,), dtype="int32"),
    Embedding({rows}, {COLUMNS}),  # {places} countries, then {years} years
    Flatten(),
    Dense({UNITS}, activation="tanh"),
    Dense({outputs}),
])
model.count_params()  # {count}
model(np.array({ids})).shape  # (1, {outputs}): China, {data.years[0]}""",
    }
