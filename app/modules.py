"""The page's modules, found by their imports: named in its head, they load side by side and not one after another."""

import re
from pathlib import Path

_IMPORT = re.compile(r"""^(?:import|export)\b[^;]*?from "(\.[^"]+)";""", re.MULTILINE)


def reached(entry: Path) -> list[Path]:
    """Return the modules that a module imports, directly or by way of others, sorted; itself left out.

    Args:
        entry: a module of the page; what it imports is named relative to it.
    """
    found: set[Path] = set()
    waiting = [entry.resolve()]
    while waiting:
        module = waiting.pop()
        named = {(module.parent / name).resolve() for name in _IMPORT.findall(module.read_text(encoding="utf-8"))}
        waiting += named - found
        found |= named
    return sorted(found - {entry.resolve()})


def preloads(entry: Path, root: Path) -> str:
    """Return the links that have a browser load all modules of an entry at once.

    Args:
        entry: the module that the page begins with.
        root: the folder served as /static/.
    """
    paths = [module.relative_to(root).as_posix() for module in reached(entry)]
    return "\n    ".join(f'<link rel="modulepreload" href="/static/{path}" />' for path in paths)
