"""The API's manual at /docs: plain HTML out of OpenAPI, readable without a network and without scripts."""

from collections.abc import Iterator
from html import escape
from typing import Any

_HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Ravine: API</title>
<style>
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
code { font-family: ui-monospace, monospace } h2 { margin-top: 2rem } dt { font-weight: 600 }
</style>
<h1>Ravine: API</h1>
<p>Machine-readable: <a href="/openapi.json">/openapi.json</a>. Names of optimizers, surfaces and their parameters:
<a href="/api/catalog">/api/catalog</a>. Frames as they are computed: the WebSocket <code>/api/stream</code>.</p>
"""


def manual(openapi: dict[str, Any]) -> str:
    """Return the page."""
    return _HEAD + "".join(_routes(openapi["paths"])) + "".join(_shapes(openapi["components"]["schemas"])) + "</html>\n"


def _routes(paths: dict[str, Any]) -> Iterator[str]:
    """Yield a section a route."""
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield f"<h2><code>{method.upper()} {escape(path)}</code></h2>"
            yield f"<p>{escape(operation.get('description', ''))}</p>"
            for query in operation.get("parameters", []):
                yield f"<p><code>{escape(query['name'])}</code>: {escape(query.get('description', ''))}</p>"
            for name in _references(operation.get("requestBody", {})):
                yield f'<p>Body: <a href="#{escape(name)}">{escape(name)}</a></p>'


def _shapes(schemas: dict[str, Any]) -> Iterator[str]:
    """Yield a section an object."""
    for name, schema in schemas.items():
        if "properties" not in schema:
            continue
        yield f'<h2 id="{escape(name)}">{escape(name)}</h2><p>{escape(schema.get("description", ""))}</p><dl>'
        for field, value in schema["properties"].items():
            links = ", ".join(f'<a href="#{escape(link)}">{escape(link)}</a>' for link in _references(value))
            yield f"<dt><code>{escape(field)}</code></dt><dd>{escape(_limits(value))} {links}</dd>"
        yield "</dl>"


def _limits(value: dict[str, Any]) -> str:
    """Say in a line what a field is for and what it may be."""
    words = {
        "const": "always",
        "default": "by default",
        "minimum": "≥",
        "exclusiveMinimum": ">",
        "maximum": "≤",
        "exclusiveMaximum": "<",
    }
    said = [f"{word} {value[key]}" for key, word in words.items() if value.get(key) is not None]
    return ". ".join(part for part in (value.get("description", ""), ", ".join(said)) if part)


def _references(value: Any) -> Iterator[str]:
    """Yield the names of the objects that a schema mentions."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rsplit("/", 1)[1]
        for key, inner in value.items():
            if key != "discriminator":
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
