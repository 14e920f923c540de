"""The page reads what the server writes: static/live/wire.js against app/wire.py."""

import base64
from typing import Any

import numpy as np
import pytest

from app.wire import Part, encode
from tests.browser.conftest import Ravine

DECODE = """async text => {
  const {decode} = await import("/static/live/wire.js");
  const {header, arrays} = decode(Uint8Array.from(atob(text), letter => letter.charCodeAt(0)).buffer);
  const bytes = values => btoa(String.fromCharCode(
    ...new Uint8Array(values.buffer, values.byteOffset, values.byteLength)));
  return {header, arrays: arrays.map(array => ({...array, values: bytes(array.values)}))};
}"""
RANDOM = np.random.default_rng(0)
PARTS = [
    Part("path", RANDOM.normal(size=(501, 2)).astype(np.float32), 0),
    Part("loss", np.array([1.5, np.inf, -np.inf, np.nan, -0.0, 1e-45, 3.4e38], np.float32), 1),
    Part("empty", np.zeros((0, 2), np.float32), 2),
    Part("scalar", np.array(7.25)),
    Part("heights", RANDOM.normal(size=(3, 5))),
]


@pytest.fixture
def bare(ravine: Ravine) -> Ravine:
    """A page of the server's with nothing on it."""
    ravine.expected_errors = ("favicon.ico",)
    ravine.page.goto(f"{ravine.service.address}/healthz")
    return ravine


def test_the_page_reads_the_arrays_that_the_server_wrote(bare: Ravine) -> None:
    for padding in range(8):  # of the header: its length decides where the arrays begin
        header: dict[str, Any] = {"id": 7, "kind": "chunk", "title": "ρ" + "x" * padding}
        frame = encode(header, PARTS)
        read = bare.page.evaluate(DECODE, base64.b64encode(frame).decode())
        assert {key: read["header"][key] for key in header} == header
        for part, array in zip(PARTS, read["arrays"], strict=True):
            assert (array["name"], array["run"], array["shape"]) == (part.name, part.run, list(part.values.shape))
            assert base64.b64decode(array["values"]) == np.asarray(part.values, "<f4").tobytes()


def test_what_is_no_frame_is_refused(bare: Ravine) -> None:
    for nonsense in (b"", b"RVN", b"RVN2" + encode({"id": 1, "kind": "done"})[4:]):
        said = bare.page.evaluate(
            f"text => ({DECODE})(text).then(() => 'read', error => error.message)", base64.b64encode(nonsense).decode()
        )
        assert said == "not a frame"
