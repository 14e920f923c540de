"""Find a place in the schema of a comparison: which names and which numbers are allowed there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.spec import Comparison

Node = dict[str, Any]
Path = tuple[str | int, ...]

_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "greater than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}


@dataclass(frozen=True)
class Place:
    """A place in a comparison.

    Attributes:
        path: how its writer would name it, without the names of union members.
        parents: the object schemas that its field may belong to.
        here: the schemas that its value may have.
    """

    path: Path
    parents: tuple[Node, ...]
    here: tuple[Node, ...]

    @property
    def fields(self) -> list[str]:
        """Return the names of the fields beside this one, itself included if it is one."""
        return list(dict.fromkeys(name for node in self.parents for name in node.get("properties", {})))

    @property
    def range(self) -> str:
        """Return what a number here may be, such as ``a number at least 0 and less than 1``; empty if it is none."""
        for node in self.here:
            if node.get("type") in ("number", "integer"):
                what = "a whole number" if node["type"] == "integer" else "a finite number"
                return " and ".join([what, *_bounds(node)]).replace(" and ", " ", 1)
        return ""

    def names(self, tag: str) -> list[str]:
        """Return the values that a tag field of an object here may have."""
        found = [node.get("properties", {}).get(tag, {}).get("const") for node in self.here]
        return list(dict.fromkeys(name for name in found if name))


def locate(loc: Path) -> Place:
    """Follow a location of pydantic's, in which the chosen member of a union is a step of its own."""
    if loc[:1] == ("comparison",):
        place = locate(loc[1:])
        return Place(("comparison", *place.path), place.parents, place.here)
    parents: tuple[Node, ...] = ()
    here = tuple(_options(_schema()))
    path: list[str | int] = []
    for step in loc:
        members = tuple(node for node in here if _is_member(node, step))
        if members:
            here = members
            continue
        path.append(step)
        parents, here = here, tuple(option for node in here for option in _enter(node, step))
    return Place(tuple(path), parents, here)


@cache
def _schema() -> Node:
    return Comparison.model_json_schema()


def _options(node: Node) -> Iterator[Node]:
    """Yield the schemas that a value may have, references followed and unions flattened."""
    if "$ref" in node:
        yield from _options(_schema()["$defs"][node["$ref"].rsplit("/", 1)[1]])
    for member in node.get("anyOf", ()) or node.get("oneOf", ()):
        yield from _options(member)
    if not node.keys() & {"$ref", "anyOf", "oneOf"}:
        yield node


def _is_member(node: Node, step: str | int) -> bool:
    """Say whether a step names this member of a union: one of its fields can have that value only."""
    return any(isinstance(field, dict) and field.get("const") == step for field in node.get("properties", {}).values())


def _enter(node: Node, step: str | int) -> Iterator[Node]:
    """Yield what a field, or an item, may be."""
    if isinstance(step, str):
        inner = node.get("properties", {}).get(step)
    else:
        fixed = node.get("prefixItems", [])
        inner = fixed[step] if step < len(fixed) else node.get("items")
    if isinstance(inner, dict):
        yield from _options(inner)


def _bounds(node: Node) -> Iterator[str]:
    for key, words in _BOUNDS.items():
        if key in node:
            yield f"{words} {node[key]:,g}" if abs(node[key]) < 1e6 else f"{words} {node[key]:,}"
