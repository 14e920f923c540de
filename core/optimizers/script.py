"""How an optimizer's rule is written in a script that runs without Ravine."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class ScriptRule:
    """A rule that a script writes out, because the library has none or another one by that name.

    Attributes:
        text: a function of (point, gradient, t from 1 on, learning rate, what it keeps …, settings …) to (what is
            added to the point, what it keeps …); the settings are the optimizer's numbers, by name. `{np}` stands for
            the library's namespace, so that one text serves optax and PyTorch; so do `{grad}` and `{hessian}`, which
            make a function's derivatives.
        kept: what it keeps at step 0, an expression each, in which `zeros` is a point of zeros and `{start}` the point
            where the run starts.
        looks: whether its first argument is the loss, a function of the point, on the step at hand.
        whole: settings of which the rule takes the whole part.

    Raises:
        ValueError: the text is no function.
    """

    text: str
    kept: tuple[str, ...] = ("zeros",)
    looks: bool = False
    whole: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what a script could not call."""
        if not re.match(r"def \w+\(", self.text):
            raise ValueError(f"A rule of a script begins with 'def name(', not with {self.text[:20]!r}")

    @property
    def name(self) -> str:
        """Return the name of the function."""
        return self.text.split("(", 1)[0].removeprefix("def ")
