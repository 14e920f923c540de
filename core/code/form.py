"""What the parts of a script are made of: forms of optimizers, and the sheet that collects what they need."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Flavour = Literal["optax", "pytorch"]
FLAVOURS: tuple[Flavour, ...] = get_args(Flavour)


class Unwritten(ValueError):  # noqa: N818  (nothing failed: there is no script of this)
    """A comparison of which there is no script.

    Attributes:
        loc: where in the comparison the reason lies, such as ``runs.2.optimizer``.
    """

    def __init__(self, loc: str, message: str) -> None:
        super().__init__(message)
        self.loc = loc


@dataclass(frozen=True)
class Rate:
    """A learning rate.

    Attributes:
        text: what the library is given.
        changes: whether it is another from step to step.
        forks: whether the optimizer's other numbers change on the way, what it keeps staying as it is.
    """

    text: str
    changes: bool
    forks: bool = False


Forms = Mapping[type[Any], Callable[[Any, Rate], str | None]]
"""Optimizer class to a function of (the optimizer, its learning rate) to the expression that makes it; None where the
library lacks it with these settings, so that its rule is written out."""


_TAKEN = {"loss", "walk", "paths", "start", "steps", "sigma", "draw", "seed", "size", "rows", "t", "zeros", "mixed"}
"""What a script calls other things."""


@dataclass
class Sheet:
    """What a script turns out to need while it is written; everything once.

    Attributes:
        imports: modules beside those that every script of the dialect imports.
        functions: texts by name, in the order in which they were asked for.
        looks: whether a rule asks for the loss in other places.
        scheduled: whether the learning rate of a run changes, by the step `t`.
    """

    imports: set[str] = field(default_factory=set)
    functions: dict[str, str] = field(default_factory=dict)
    looks: bool = False
    scheduled: bool = False

    def need(self, name: str, text: str) -> None:
        """Put a function into the script.

        Raises:
            Unwritten: it has something else by that name.
        """
        if self.functions.setdefault(name, text) != text or name in _TAKEN:
            raise Unwritten("runs", f"Two things in the script would be called {name}")


@dataclass(frozen=True)
class Needs:
    """What the walk of a script has to know.

    Attributes:
        noisy: whether anything is added to gradients: `sigma` times what `draw` gives for `seed`.
        looks: whether a rule asks for the loss in other places.
        batched: whether steps look at the `size` rows that `batches` gives.
        arguments: what runs may have of their own: some of `start`, `sigma`, `draw`, `seed`, `loss`, `size`.
    """

    noisy: bool
    looks: bool
    batched: bool
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Walk:
    """One run, as it is to be written.

    Attributes:
        name: the literal of its name.
        made: its optimizer.
        changes: whether the learning rate changes; then `rates` has those of all steps.
        own: what it has of its own, as further arguments.
    """

    name: str
    made: str
    changes: bool
    own: Mapping[str, str]


@dataclass(frozen=True)
class Dialect:
    """A library as scripts speak it.

    Attributes:
        packages: what to install.
        imports: what every script imports.
        names: what `{np}`, `{grad}`, `{hessian}` and `{array}`, which makes an array of a list, are there.
        forms: its own optimizers.
        scheduled: what an optimizer gets for its learning rate where there is a schedule; empty: the number.
        helper: name and text of the function that `scheduled` needs.
        draws: kind of noise to the text of a function by that name, which draws it with strength 1.
        batches: text of a function by that name, which yields the rows of each step.
        written: name and text of what makes an optimizer of a rule that is written out; `zeros` in front.
        given: what that is given before the rule.
        looking: the same of a rule that looks at the loss in other places; it may build on the other.
        forked: the same of one that goes on with other numbers, of (step, optimizer before, optimizer after).
        walk: the function `walk`, which takes all steps of a run.
        run: writes the lines of a run.
    """

    packages: str
    imports: tuple[str, ...]
    names: Mapping[str, str]
    forms: Forms
    scheduled: str
    helper: tuple[str, str]
    draws: Mapping[str, str]
    batches: str
    written: tuple[str, str]
    given: tuple[str, ...]
    looking: tuple[str, str]
    forked: tuple[str, str]
    walk: Callable[[Needs], str]
    run: Callable[[Walk], str]


def number(value: float) -> str:
    """Write a number so that Python reads the same one."""
    return repr(float(value))


def quoted(text: str) -> str:
    """Write a text of a stranger as a Python literal on one line."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in literal else literal


def plain(value: float) -> str:
    """Write a number as people do, without a fraction where it has none: for NumPy, which divides integers truly."""
    return repr(float(value)).removesuffix(".0")


def call(name: str, *first: str, **settings: float | str) -> str:
    """Write a call; numbers as they are, texts as expressions."""
    named = [f"{key}={value if isinstance(value, str) else repr(value)}" for key, value in settings.items()]
    return f"{name}({', '.join([*first, *named])})"
