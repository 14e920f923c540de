"""The command line: `ravine serve`, `ravine run`, `ravine code`, `ravine openapi`."""

import errno
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import orjson
import typer
from pydantic import ValidationError

from app.errors import Refusal
from app.settings import Settings
from app.version import VERSION

cli = typer.Typer(
    help="See how optimizers walk on loss landscapes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
REFUSED = 2
"""Exit status where what was asked for cannot be done; 1 is left to failures."""


def main() -> None:
    """Run the command line."""
    cli()


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ravine {VERSION}")
        raise typer.Exit


@cli.callback()
def ravine(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """See how optimizers walk on loss landscapes."""
    del version


@cli.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; 0.0.0.0 for every network. [RAVINE_HOST]")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; 0 takes a free one. [RAVINE_PORT]")] = None,
) -> None:
    """Serve the page, the API and the stream; Ctrl-C stops it."""
    from app.server import claim
    from app.server import serve as run_server

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    try:
        settings = Settings.model_validate(Settings().model_dump() | given)
    except ValidationError as error:
        _stop("\n".join(f"RAVINE_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()))
    try:
        claim(settings.host, settings.port)
    except OSError as error:
        reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be listened on: {error.strerror}"
        _stop(f"Port {settings.port} of {settings.host} {reason}. Name another: --port 9000, or PORT=9000 make run")
    run_server(settings)


@cli.command()
def run(spec: Annotated[str, typer.Argument(help="File with a comparison in JSON; - reads standard input.")]) -> None:
    """Run a comparison and print the result as JSON, the same bytes that the API answers."""
    from app.compute import answer
    from app.questions import read_comparison
    from app.results import Cache
    from app.snapshots import size

    with _refusing(spec):
        comparison = read_comparison(_read(spec))
    *_, body = answer(comparison, Cache(0, size))
    sys.stdout.buffer.write(body + b"\n")


@cli.command()
def code(
    spec: Annotated[str, typer.Argument(help="File with a comparison in JSON; - reads standard input.")],
    flavour: Annotated[Literal["optax", "pytorch"], typer.Option(help="The library that the script uses.")] = "optax",
) -> None:
    """Print a comparison as a Python script that runs without Ravine and walks the same paths."""
    from app import compute
    from app.questions import read_comparison

    with _refusing(spec):
        sys.stdout.buffer.write(compute.code(read_comparison(_read(spec)), flavour))


@cli.command()
def openapi() -> None:
    """Print the API's OpenAPI document; the page's types are made from it."""
    from app.main import create_app

    sys.stdout.buffer.write(orjson.dumps(create_app().openapi(), option=orjson.OPT_INDENT_2) + b"\n")


@contextmanager
def _refusing(spec: str) -> Generator[None]:
    """Say in a line what is wrong with a comparison, and stop."""
    try:
        yield
    except Refusal as refusal:
        _stop("\n".join(f"{error['loc'] or spec}: {error['msg']}" for error in refusal.errors))


def _read(spec: str) -> str:
    """Return the text of a file, or of standard input."""
    try:
        return sys.stdin.read() if spec == "-" else Path(spec).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _stop(f"{spec}: {error.strerror if isinstance(error, OSError) else 'not UTF-8 text'}")


def _stop(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(REFUSED)
