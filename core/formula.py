"""LaTeX lines to MathML whose parameters can be lit up: `data-parameter` marks each symbol a slider moves."""

import html
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping

from latex2mathml.converter import convert_to_element

ElementTree.register_namespace("", "http://www.w3.org/1998/Math/MathML")


def to_mathml(line: str, *, marks: Mapping[str, str] | None = None, display: bool = True) -> str:
    """Convert one line of LaTeX.

    Args:
        line: the LaTeX, without dollar signs and without line breaks (browsers ignore MathML's).
        marks: symbol (LaTeX) to the parameter it stands for; each occurrence gets `data-parameter`.
        display: a formula on a line of its own, or one within a text.

    Returns:
        A `<math>` element as text.
    """
    element = convert_to_element(line, display="block" if display else "inline")
    for symbol, name in (marks or {}).items():
        _mark(element, _content(symbol), name)
    # The converter writes entities as text; serialized once more they would show as "&#x0003D;".
    for part in element.iter():
        part.text = html.unescape(part.text or "")
    return ElementTree.tostring(element, encoding="unicode")


def _content(symbol: str) -> str:
    """Return the symbol's own subtree as text, for comparison with the formula's subtrees."""
    row = convert_to_element(symbol)[0]
    return _signature(row[0]) if len(row) == 1 else _signature(row)


def _mark(element: ElementTree.Element, wanted: str, name: str) -> None:
    """Mark the subtrees equal to the wanted one; β₁ is found inside β₁ᵗ too, which is one `msubsup`."""
    for part in element.iter():
        same = _signature(part) == wanted
        powered = part.tag.endswith("msubsup") and f"<msub>{''.join(_signature(p) for p in part[:2])}</msub>" == wanted
        if same or powered:
            part.set("data-parameter", name)


def _signature(element: ElementTree.Element) -> str:
    """Write tags and texts without attributes, so that decoration does not hinder a comparison."""
    tag = element.tag.rsplit("}", 1)[-1]
    inner = (element.text or "").strip() + "".join(_signature(child) for child in element)
    return f"<{tag}>{inner}</{tag}>"
