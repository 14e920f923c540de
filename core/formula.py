"""LaTeX lines to MathML whose symbols can be told apart.

`data-parameter` marks each symbol that a slider moves, so that it can be lit up; `data-value` each symbol that has a
value in every step, so that the value can be put in its place.
"""

import html
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from functools import cache

from latex2mathml.converter import convert_to_element

_FUNCTIONS = {"cos", "sin", "tan", "exp", "ln", "log"}

ElementTree.register_namespace("", "http://www.w3.org/1998/Math/MathML")


def to_mathml(
    line: str,
    *,
    marks: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    called: Mapping[str, str] | None = None,
    display: bool = True,
) -> str:
    """Convert one line of LaTeX.

    Args:
        line: the LaTeX, without dollar signs and without line breaks (browsers ignore MathML's).
        marks: symbol (LaTeX) to the parameter it stands for; each occurrence gets `data-parameter`.
        values: symbol (LaTeX) to the name of what changes from step to step; each occurrence gets `data-value`.
        called: name of what changes to another letter for it, where its own means something else.
        display: a formula on a line of its own, or one within a text.

    Returns:
        A `<math>` element as text.
    """
    element = convert_to_element(line, display="block" if display else "inline")
    for attribute, names in (("data-parameter", marks), ("data-value", values)):
        for symbol, name in (names or {}).items():
            _mark(element, _content(symbol), attribute, name)
    for part in element.iter():
        if len(part) == 0 and (name := part.get("data-value")) in (called or {}):
            part.text = (called or {})[str(name)]
    _set_apart(element)
    # The converter writes entities as text; serialized once more they would show as "&#x0003D;".
    for part in element.iter():
        part.text = html.unescape(part.text or "")
    return ElementTree.tostring(element, encoding="unicode")


@cache
def _content(symbol: str) -> str:
    """Return the symbol's own subtree as text, for comparison with the formula's subtrees."""
    row = convert_to_element(symbol)[0]
    return _signature(row[0]) if len(row) == 1 else _signature(row)


def _mark(element: ElementTree.Element, wanted: str, attribute: str, name: str) -> None:
    """Mark the subtrees equal to the wanted one; β₁ is found inside β₁ᵗ too, which is one `msubsup`."""
    for part in element.iter():
        same = _signature(part) == wanted
        powered = part.tag.endswith("msubsup") and f"<msub>{''.join(_signature(p) for p in part[:2])}</msub>" == wanted
        if same or powered:
            part.set(attribute, name)


def _set_apart(element: ElementTree.Element) -> None:
    """Put thin spaces around the names of functions, cos x cos y; the converter puts none, and browsers neither."""
    for row in list(element.iter()):
        if not row.tag.endswith("}mrow") and row.tag != "mrow":
            continue
        children = list(row)
        for child in reversed(children):
            if not _names_function(child):
                continue
            place = children.index(child)
            after = children[place + 1] if place + 1 < len(children) else None
            if after is not None and not _sets_itself_apart(after):
                row.insert(place + 1, _thin_space())
            if place and not _sets_itself_apart(children[place - 1]):
                row.insert(place, _thin_space())


def _names_function(element: ElementTree.Element) -> bool:
    """Say whether this is the name of a function, or a power of it."""
    base = element[0] if element.tag.endswith("msup") and len(element) else element
    return base.tag.endswith("mi") and (base.text or "") in _FUNCTIONS


def _sets_itself_apart(element: ElementTree.Element) -> bool:
    """Say whether nothing more is needed beside this: a sign, a space, or brackets."""
    if element.tag.endswith("mrow"):
        return len(element) > 0 and element[0].tag.endswith("mo")
    return element.tag.endswith(("mo", "mspace"))


def _thin_space() -> ElementTree.Element:
    return ElementTree.Element("mspace", {"width": "0.1667em"})


def _signature(element: ElementTree.Element) -> str:
    """Write tags and texts without attributes, so that decoration does not hinder a comparison."""
    tag = element.tag.rsplit("}", 1)[-1]
    inner = (element.text or "").strip() + "".join(_signature(child) for child in element)
    return f"<{tag}>{inner}</{tag}>"
