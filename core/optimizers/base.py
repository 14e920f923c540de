"""What every optimizer has: a learning rate, an optax transformation, and a state whose parts have names."""

import inspect
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Literal

import jax
import optax

from core.definition import Definition, parameter
from core.formula import to_mathml
from core.optimizers.script import ScriptRule

MOST_DECAY = 0.999999
"""What the decay of a running mean may be at most: float32 takes what is nearer to 1 for 1, or nearly so, and the mean
would never begin."""


class Optimizer(Definition):
    """One way to step downhill.

    A final class declares its tag (`optimizer: Literal["momentum"] = "momentum"`), its fields, its formula in the
    lecture's notation, and `transform`. Its numbers may be traced; its switches are structure, so `if` may ask them.
    """

    slots: ClassVar[dict[str, tuple[str, str]]] = {}
    """The parts of the state worth a chart: field of the state to (symbol, meaning)."""
    corrected: ClassVar[dict[str, tuple[str, str]]] = {}
    """The slots that the rule divides by 1 − βᵗ, for they start at 0: slot to (symbol of the quotient, field of β)."""
    follows: ClassVar[tuple[str, Literal[-1, 1]] | None] = None
    """The slot that remembers past gradients, and the sign with which a step follows it: drawn as an arrow."""
    suits: ClassVar[tuple[str | None, float] | None] = None
    """The lecture optimizer whose tried learning rates on surfaces suit this one, times a factor; with None in its
    place that factor is the learning rate everywhere. None: it is one of the lecture's."""
    plane_only: ClassVar[bool] = False
    """Whether it works on two parameters only, hence not on a network."""

    optimizer: str
    lr: float = parameter(0.01, r"\alpha", "Learning rate: how far a step goes", slider=(1e-4, 3.0), scale="log", gt=0)

    @abstractmethod
    def transform(self) -> optax.GradientTransformation:
        """Return the update rule as a pair of pure functions; the fields may be traced values."""

    def script(self) -> ScriptRule | None:
        """Return the rule as a script writes it out; None where Ravine writes it itself, or nobody does.

        An optimizer from another package says it here, to be copied as code: Ravine knows how to write its own alone.
        """
        return None

    def moved(
        self, slope: Any, state: Any, params: Any, slope_of: Callable[[Any], tuple[jax.Array, Any]]
    ) -> tuple[Any, Any]:
        """Take one step.

        Args:
            slope: the gradient, a pytree like the parameters.
            state: of the rule before it.
            params: where it is taken from.
            slope_of: parameters to loss and gradient there, for rules that look around.

        Returns:
            What is added to the parameters, and the new state.
        """
        return optax.with_extra_args_support(self.transform()).update(slope, state, params, slope_of=slope_of)

    def looks_around(self) -> bool:
        """Say whether the rule, as its switches stand, asks for the loss at other points than the iterate."""
        return isinstance(self.transform(), optax.GradientTransformationExtraArgs)

    @classmethod
    def values(cls) -> dict[str, str]:
        """Name the gradient, the iterate, the number of the step, and the slots, corrected and after the step too."""
        found = {"g": "gradient", "x": "iterate", "t": "t"}
        for name, (symbol, _) in cls.slots.items():
            found |= {symbol: name, f"{symbol}'": f"{name}:after"}
        return found | {symbol: f"{name}:corrected" for name, (symbol, _) in cls.corrected.items()}

    @classmethod
    def _in_mathml(cls, lines: Sequence[str]) -> dict[str, list[str]]:
        """Add `mathml_weights`, where the iterate is w: of a loss over rows x is the inputs."""
        return super()._in_mathml(lines) | {"mathml_weights": cls._mathml(lines, called={"iterate": "w"})}

    @classmethod
    def entry(cls) -> dict[str, Any]:
        """Add what it is, the parts of its state, whose learning rates suit, and where it works."""
        return super().entry() | {
            "about": inspect.cleandoc(cls.__doc__ or "").partition("\n")[0],
            "slots": [cls._slot(name) for name in cls.slots],
            "follows": list(cls.follows) if cls.follows else None,
            "suits": list(cls.suits) if cls.suits else None,
            "plane_only": cls.plane_only,
        }

    @classmethod
    def _slot(cls, name: str) -> dict[str, Any]:
        symbol, meaning = cls.slots[name]
        described = {"name": name, "symbol": symbol, "mathml": to_mathml(symbol, display=False), "meaning": meaning}
        if name not in cls.corrected:
            return described
        symbol, decay = cls.corrected[name]
        corrected = {"symbol": symbol, "mathml": to_mathml(symbol, display=False), "decay": decay}
        return described | {"corrected": corrected}

    @classmethod
    def rate_on(cls, rates: Mapping[str, float]) -> float:
        """Return the learning rate that suits a surface, given those of the lecture's optimizers on it."""
        like, factor = cls.suits or (cls.identifier(), 1.0)
        return factor * rates[like] if like else factor


def rule(init: Callable[[Any], Any], update: Callable[[Any, Any], tuple[Any, Any]]) -> optax.GradientTransformation:
    """Make the optax pair of a rule that needs gradients and its state alone.

    Args:
        init: parameters to the state at step 0.
        update: (gradients, state) to (what is added to the parameters, new state).
    """
    return rule_of_params(init, lambda gradients, state, params: update(gradients, state))


def rule_of_params(
    init: Callable[[Any], Any], update: Callable[[Any, Any, Any], tuple[Any, Any]]
) -> optax.GradientTransformation:
    """Make the optax pair of a rule that needs the parameters too, as weight decay does.

    Args:
        init: parameters to the state at step 0.
        update: (gradients, state, parameters) to (what is added to the parameters, new state).
    """

    # optax fixes the names of these arguments.
    def named_init(params: Any) -> Any:
        return init(params)

    def named_update(updates: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        return update(updates, state, params)

    return optax.GradientTransformation(named_init, named_update)


SlopeOf = Callable[[Any], tuple[Any, Any]]
"""Parameters to the loss there, shape (), and its gradient, on the mini-batch and with the noise of the step at hand.
It may be differentiated forwards (`jax.jvp`, `jax.jacfwd`), not backwards."""


def rule_of_slope(
    init: Callable[[Any], Any], update: Callable[[Any, Any, Any, SlopeOf], tuple[Any, Any]]
) -> optax.GradientTransformationExtraArgs:
    """Make the optax pair of a rule that looks at the loss at other points than the iterate, in the same step.

    Args:
        init: parameters to the state at step 0.
        update: (gradients, state, parameters, loss and gradient as a function of the parameters) to (what is added to
            the parameters, new state).
    """

    def named_init(params: Any) -> Any:
        return init(params)

    def named_update(updates: Any, state: Any, params: Any = None, *, slope_of: SlopeOf, **_: Any) -> tuple[Any, Any]:
        return update(updates, state, params, slope_of)

    typed: Any = named_update  # optax's own type does not know of further arguments
    return optax.GradientTransformationExtraArgs(named_init, typed)


def slot_values(state: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Pick the named parts out of an optimizer's state, however deeply optax has nested it.

    Args:
        state: the state, any pytree of dataclasses, named tuples and tuples.
        names: field names to find.

    Returns:
        The subtree under the first field of each name that occurs.
    """
    found: dict[str, Any] = {}
    for path, leaf in jax.tree_util.tree_flatten_with_path(state)[0]:
        for key in path:
            name = getattr(key, "name", None)
            if name in names:
                found.setdefault(name, leaf)
    return found
