"""A small classifier learned from mini-batches: the second kind of problem beside surfaces."""

from collections.abc import Callable
from typing import Annotated, Literal

import jax.numpy as jnp
import numpy as np
from jax import Array
from pydantic import Field

from core.definition import parameter
from core.problems import batches, initial, layers
from core.problems.base import Problem
from core.problems.datasets import Split, find, load

Width = Annotated[int, Field(ge=1, le=512)]


class Network(Problem):
    """A multi-layer perceptron with softmax and cross entropy.

    The data enter jitted code as constants (460 KB for digits), a batch as the indices of its rows: a chunk of n
    steps then needs n · B integers instead of n · B · 64 numbers, and runs that share a seed share the gathered rows.
    """

    title = "Neural network"
    order = 100
    formula = (
        r"L = \frac{1}{B} \sum_{i=1}^{B} -\log p(y_i \mid x_i) + \frac{\lambda}{2} \sum_{l} \lVert W_l \rVert^2",
        r"W_l = s \, \sigma_l \, \varepsilon , \quad \varepsilon \sim \mathcal{N}(0, 1)",
    )
    source = "Rumelhart, Hinton, Williams, Learning representations by back-propagating errors, 1986"
    records = "snapshots"
    chunk_steps = (10,)
    max_steps = 5000

    kind: Literal["network"] = "network"
    dataset: Literal["digits"] = "digits"
    """What is learned."""
    hidden: tuple[Width, ...] = Field(default=(64, 64), max_length=10)
    """Widths of the hidden layers, 1 to 512 each, at most 10; none of them: softmax regression, a convex loss."""
    activation: layers.Activation = "relu"
    """What stands between two layers."""
    init: initial.Initial = "he"
    """The rule for the initial weights."""
    batch_size: int = Field(default=64, ge=1, le=1200)
    """Training rows in a mini-batch; all 1,200 of them: full-batch gradient descent."""
    init_scale: float = parameter(
        1.0,
        "s",
        "Initial scale: times what the rule of the weights gives",
        slider=(0.01, 10.0),
        scale="log",
        gt=0,
        le=1000,
    )
    l2: float = parameter(0.0, r"\lambda", "Weight decay: how much squared weights cost", slider=(0.0, 0.1), ge=0)

    def sizes(self) -> tuple[int, ...]:
        """Return the sizes of the layers, input and output included."""
        dataset = find(self.dataset)
        return (dataset.features, *self.hidden, dataset.classes)

    def split(self) -> Split:
        """Return the data."""
        return load(self.dataset)

    def template(self) -> layers.Layers:
        """Return parameters of the right shapes, all 0, NumPy."""
        return self.unravel(np.zeros(layers.count(self.sizes()), np.float32))

    def unravel(self, flat: layers.Numbers) -> layers.Layers:
        """Return the parameters that a vector of shape (…, P) holds, in `ravel_pytree`'s order; NumPy or JAX."""
        return layers.unravel(self.sizes(), flat)

    def initial(self, key: Array, start: Array) -> layers.Layers:
        """Return initial weights by the rule `init`; a network ignores `start`."""
        del start
        return initial.draw(key, self.sizes(), self.init, self.init_scale)

    def batches(self, key: Array, first: Array, steps: int) -> Array:
        """Return the rows of each step's mini-batch, int32, shape (steps, batch_size)."""
        return batches.indices(key, first, steps, find(self.dataset).train_rows, self.batch_size)

    def loss(self, params: layers.Layers, batch: Array | None) -> Array:
        """Return mean cross entropy + λ/2 · Σ w², shape ().

        Args:
            params: the layers.
            batch: indices of training rows, shape (batch_size,); None: all training rows.
        """
        split = self.split()
        x, y = jnp.asarray(split.train_x), jnp.asarray(split.train_y)
        if batch is not None and batch.shape[0] < x.shape[0]:  # of a full batch the order makes no difference
            x, y = x[batch], y[batch]
        return layers.cross_entropy(layers.forward(params, x, self.activation), y) + self.penalty(params)

    def penalty(self, params: layers.Layers) -> Array:
        """Return λ/2 · Σ w², shape ()."""
        return self.l2 / 2 * layers.squares(params)

    def evaluate(self, params: layers.Layers) -> dict[str, Array]:
        """Return cross entropy, without the penalty, and accuracy over all rows of each part of the data."""
        split = self.split()
        train = layers.forward(params, jnp.asarray(split.train_x), self.activation)
        test = layers.forward(params, jnp.asarray(split.test_x), self.activation)
        right = jnp.argmax(test, axis=-1) == jnp.asarray(split.test_y)
        return {
            "train_loss": layers.cross_entropy(train, jnp.asarray(split.train_y)),
            "test_loss": layers.cross_entropy(test, jnp.asarray(split.test_y)),
            "test_accuracy": jnp.mean(right.astype(jnp.float32)),
        }


def unravel(problem: Network) -> Callable[[layers.Numbers], layers.Layers]:
    """Return the function that makes parameters of a vector, or a stack of vectors, of shape (…, P)."""
    return problem.unravel
