"""The same numbers through the real frameworks. These need PyTorch, Keras and JAX: `make parity`."""
