"""Find every definition of a kind: the modules of a package, and third parties' packages through entry points."""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

from core.definition import Definition

T = TypeVar("T", bound=Definition)


def collect(package: ModuleType, base: type[T], group: str) -> tuple[type[T], ...]:
    """Collect the final subclasses of a base class.

    Args:
        package: the package whose modules hold them, one or more a module.
        base: the abstract class they derive from.
        group: the entry-point group through which other distributions add theirs, such as ``ravine.optimizers``.

    Returns:
        The classes, sorted by their `order`, then by name.

    Raises:
        ValueError: two of them claim one name.
    """
    for module in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
        importlib.import_module(module.name)
    for point in entry_points(group=group):
        point.load()
    found = sorted(_final(base), key=lambda cls: (cls.order, cls.identifier()))
    names = [cls.identifier() for cls in found]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two definitions in {group} are called {name!r}")
    return tuple(found)


def _final(base: type[T]) -> Iterator[type[T]]:
    """Yield the subclasses that have a title, at any depth."""
    for cls in base.__subclasses__():
        if "title" in cls.__dict__:
            yield cls
        yield from _final(cls)
