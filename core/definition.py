"""The one form in which everything that a person can choose is declared.

An optimizer, a surface, a schedule, a kind of noise, a network: each is a frozen pydantic class whose fields are its
parameters. From the class alone follow validation, the OpenAPI schema, the catalog entry, the page's sliders, the
documentation table and the parametrized tests.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from core.formula import to_mathml

Scale = Literal["linear", "log"]


def parameter(
    default: float,
    symbol: str,
    meaning: str,
    *,
    slider: tuple[float, float],
    scale: Scale = "linear",
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
) -> Any:  # a field stands where its value will: pydantic's own Field() returns Any for the same reason
    r"""Declare a number that a slider moves.

    Args:
        default: its value where none is given.
        symbol: LaTeX, as it occurs in the formula of the definition, such as ``\rho``.
        meaning: one line for whoever asks what it does.
        slider: the range offered; a value outside it but valid (from a URL, say) widens the slider.
        scale: how the slider runs.
        ge: valid from here on, inclusive.
        gt: valid above.
        le: valid up to here, inclusive.
        lt: valid below.

    Returns:
        A pydantic field. What is *valid* (the bounds) and what is *offered* (the slider) are kept apart.
    """
    extra: dict[str, Any] = {"symbol": symbol, "slider": list(slider), "scale": scale}
    return Field(default, ge=ge, gt=gt, le=le, lt=lt, description=meaning, json_schema_extra=extra)


def sequence(default: tuple[int, ...], symbol: str, meaning: str, *, most: int) -> Any:  # as `parameter`
    r"""Declare a list of whole numbers, which no slider moves: a field of type ``tuple[Annotated[int, …], ...]``.

    Args:
        default: its values where none are given.
        symbol: LaTeX of one of them, as it occurs in the formula of the definition, such as ``m_i``.
        meaning: one line for whoever asks what they do.
        most: how many there may be.

    Returns:
        A pydantic field. What is valid for each number stands in its type.
    """
    return Field(default, max_length=most, description=meaning, json_schema_extra={"symbol": symbol})


def switch(default: bool, meaning: str, *, formula: tuple[str, ...] = ()) -> Any:  # as `parameter`
    """Declare what is on or off: structure, for which a program is compiled once per value.

    Args:
        default: whether it is on where nothing is said.
        meaning: its name, a colon, and one line for whoever asks what it does.
        formula: the definition's formula where it is not at its default; as always, if left out.

    Returns:
        A pydantic field that takes true and false, and nothing that resembles them.
    """
    return _turned(default, meaning, {not default: formula} if formula else {}, strict=True)


def choice(
    default: str, meaning: str, *, options: dict[str, str], formulas: dict[str, tuple[str, ...]] | None = None
) -> Any:  # as `parameter`
    """Declare one of a few words: a field of a `Literal` type, structure as a switch is.

    Args:
        default: the word where none is given.
        meaning: its name, a colon, and one line for whoever asks what it does.
        options: word to what a person calls it, in the order in which they are offered.
        formulas: word to the definition's formula there, where it is another.

    Returns:
        A pydantic field.
    """
    return _turned(default, meaning, dict(formulas or {}), options=options)


def _turned(default: bool | str, meaning: str, formulas: dict[Any, tuple[str, ...]], **more: Any) -> Any:
    options = more.pop("options", {})
    extra: dict[str, Any] = {
        "options": [{"value": value, "title": title} for value, title in options.items()],
        "formulas": [{"value": value, "formula": list(lines)} for value, lines in formulas.items()],
    }
    return Field(default, description=meaning, json_schema_extra={"switch": extra}, **more)


class Definition(BaseModel):
    """Base of everything that is declared once.

    A class is either abstract (it lacks `title`) or final. Its numbers (the fields made by `parameter`) are what
    sliders move; all else, its lists (made by `sequence`) and its switches (made by `switch` and `choice`) too, is
    *structure*. Inside jitted code the same object is rebuilt by `with_numbers` with traced values in its number
    fields, so a formula reads `self.rho` whether ρ is a float or a tracer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    title: ClassVar[str]
    """What a person calls it."""
    formula: ClassVar[tuple[str, ...]] = ()
    """LaTeX, a line each; the symbols of the parameters occur in it."""
    source: ClassVar[str] = ""
    """The paper or book it comes from."""
    order: ClassVar[int] = 1000
    """Its place in lists; ties are sorted by name."""

    @classmethod
    def identifier(cls) -> str:
        """Return the name it has in a comparison: the value of its tag field (`optimizer`, `kind` or `name`)."""
        for tag in ("optimizer", "name", "kind"):
            if tag in cls.model_fields:
                return str(cls.model_fields[tag].default)
        raise TypeError(f"{cls.__name__} has no tag field")

    @classmethod
    def number_fields(cls) -> dict[str, FieldInfo]:
        """Return the fields that a slider moves, by name, in order of declaration."""
        return _number_fields(cls)

    @classmethod
    def parameters(cls) -> list[dict[str, Any]]:
        """Describe the numbers for the catalog: name, symbol, default, slider's min and max, scale, meaning, valid."""
        described: list[dict[str, Any]] = []
        for name, field in cls.number_fields().items():
            extra: Any = field.json_schema_extra
            low, high = extra["slider"]
            described.append(
                {
                    "name": name,
                    "symbol": extra["symbol"],
                    "mathml": to_mathml(extra["symbol"], display=False),
                    "default": field.default,
                    "min": low,
                    "max": high,
                    "scale": extra["scale"],
                    "meaning": field.description or "",
                    "valid": _bounds(field),
                    **({"whole": True} if field.annotation is int else {}),
                }
            )
        return described

    @classmethod
    def lists(cls) -> list[dict[str, Any]]:
        """Describe the fields made by `sequence` for the catalog: name, symbol, default, meaning, valid, most."""
        described: list[dict[str, Any]] = []
        for name, field in cls.model_fields.items():
            extra = field.json_schema_extra
            if not isinstance(extra, dict) or "symbol" not in extra or "slider" in extra:
                continue
            symbol = str(extra["symbol"])
            described.append(
                {
                    "name": name,
                    "symbol": symbol,
                    "mathml": to_mathml(symbol, display=False),
                    "default": list(field.default),
                    "meaning": field.description or "",
                    "valid": _bounds(FieldInfo.from_annotation(get_args(field.annotation)[0])),
                    "most": next(rule.max_length for rule in field.metadata if hasattr(rule, "max_length")),
                }
            )
        return described

    @classmethod
    def values(cls) -> dict[str, str]:
        """Return the symbols (LaTeX) in the formula that have a value in every step, and that value's name."""
        return {}

    @classmethod
    def switches(cls) -> list[dict[str, Any]]:
        """Describe the fields made by `switch` and `choice` for the catalog.

        Returns:
            Name, default, meaning; `options`, each with value and title, empty where it is on or off; and `formulas`,
            the formula at each value at which it is another, as LaTeX and as MathML, in all its letterings.
        """
        described: list[dict[str, Any]] = []
        for name, field in cls.model_fields.items():
            extra: Any = field.json_schema_extra
            if not isinstance(extra, dict) or "switch" not in extra:
                continue
            formulas = [one | cls._in_mathml(one["formula"]) for one in extra["switch"]["formulas"]]
            about = {"name": name, "default": field.default, "meaning": field.description or ""}
            described.append(about | {"options": extra["switch"]["options"], "formulas": formulas})
        return described

    @classmethod
    def _in_mathml(cls, lines: Sequence[str]) -> dict[str, list[str]]:
        """Return lines of a formula for the catalog: `mathml`, and in other letters where a class has such."""
        return {"mathml": cls._mathml(lines)}

    @classmethod
    def _mathml(cls, lines: Sequence[str], called: Mapping[str, str] | None = None) -> list[str]:
        """Return lines of a formula with the symbols of parameters and lists marked by their names."""
        marks = {described["symbol"]: described["name"] for described in (*cls.parameters(), *cls.lists())}
        return [to_mathml(line, marks=marks, values=cls.values(), called=called) for line in lines]

    @classmethod
    def entry(cls) -> dict[str, Any]:
        """Return the catalog entry: everything that the page and the documentation say about the class."""
        lists, switches = cls.lists(), cls.switches()
        return {
            "name": cls.identifier(),
            "title": cls.title,
            "formula": list(cls.formula),
            **cls._in_mathml(cls.formula),
            "source": cls.source,
            "parameters": cls.parameters(),
            **({"lists": lists} if lists else {}),
            **({"switches": switches} if switches else {}),
        }

    def numbers(self) -> dict[str, float]:
        """Return the values that sliders move, by field name."""
        return {name: getattr(self, name) for name in type(self).number_fields()}

    def structure(self) -> Self:
        """Return what compilation may depend on: this definition with every number at its default (hashable)."""
        return self.with_numbers({name: field.default for name, field in type(self).number_fields().items()})

    def with_numbers(self, numbers: dict[str, Any]) -> Self:
        """Return a copy with other numbers, traced ones too: nothing is validated here."""
        return self.model_copy(update=numbers)


@cache
def _number_fields(definition: type[Definition]) -> dict[str, FieldInfo]:
    """Return the fields of a class that a slider moves: asked for at every press of a key."""
    return {
        name: field
        for name, field in definition.model_fields.items()
        if isinstance(field.json_schema_extra, dict) and "slider" in field.json_schema_extra
    }


def _bounds(field: FieldInfo) -> dict[str, float]:
    """Collect the bounds of a field, such as ``{"ge": 0, "lt": 1}``."""
    found: dict[str, float] = {}
    for rule in field.metadata:
        for bound in ("ge", "gt", "le", "lt"):
            value = getattr(rule, bound, None)
            if value is not None:
                found[bound] = value
    return found
