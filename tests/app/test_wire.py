"""The layout of a frame, byte by byte."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from app import wire
from app.wire import Part, decode, encode
from core.frames import Chunk, RunFrame
from core.outcome import Outcome

GOLDEN = (
    b"RVN1\x50\x00\x00\x00"
    b'{"id":7,"kind":"done","arrays":[{"name":"loss","shape":[2],"offset":0,"run":1}]}'
    b"\x00\x00\x80\x3f\x00\x00\x20\xc0"
)


def test_a_frame_is_these_bytes() -> None:
    assert encode({"id": 7, "kind": "done"}, [Part("loss", np.array([1.0, -2.5]), 1)]) == GOLDEN


def test_these_bytes_are_that_frame() -> None:
    header, parts = decode(GOLDEN)
    assert header == {"id": 7, "kind": "done"}
    assert [(part.name, part.run, part.values.tolist()) for part in parts] == [("loss", 1, [1.0, -2.5])]


@given(
    text=st.text(),
    values=st.lists(arrays(np.float32, array_shapes(min_dims=0, max_dims=3, min_side=0)), max_size=4),
)
def test_what_is_decoded_is_what_was_encoded(text: str, values: list[np.ndarray]) -> None:
    parts = [Part(f"part {index}", array, index or None) for index, array in enumerate(values)]
    frame = encode({"id": 1, "text": text}, parts)
    header, found = decode(frame)
    assert header == {"id": 1, "text": text}
    for sent, got in zip(parts, found, strict=True):
        assert (sent.name, sent.run) == (got.name, got.run)
        assert np.asarray(sent.values).tobytes() == got.values.tobytes()
        assert np.asarray(sent.values).shape == got.values.shape


@given(length=st.integers(0, 40))
def test_arrays_begin_at_a_multiple_of_8(length: int) -> None:
    frame = encode({"text": "x" * length})
    assert len(frame) % 8 == 0
    assert len(frame) == 8 + int.from_bytes(frame[4:8], "little")


def test_arrays_in_another_order_of_memory_are_sent_row_by_row() -> None:
    values = np.arange(6.0).reshape(2, 3)
    assert encode({}, [Part("a", np.asfortranarray(values))]) == encode({}, [Part("a", values)])


def test_other_bytes_are_no_frame() -> None:
    with pytest.raises(ValueError, match="RVN1"):
        decode(b"RVN2\x00\x00\x00\x00")


def test_weights_stay_on_the_server() -> None:
    run = RunFrame({"lr": np.ones(2, np.float32)}, Outcome.DIVERGED, 2)
    header, parts = decode(wire.chunk_frame(3, Chunk(0, 2, 9, (run,), False, np.ones((1, 1, 5), np.float32))))
    assert header == {
        "id": 3,
        "kind": "chunk",
        "first": 0,
        "last": 2,
        "total": 9,
        "runs": [{"status": "diverged", "steps": 2}],
    }
    assert [part.name for part in parts] == ["lr"]


def test_the_documentation_is_the_docstring() -> None:
    said = (Path(__file__).parents[2] / "docs" / "wire.md").read_text(encoding="utf-8")

    def words(text: str) -> str:
        return re.sub(r"\s+", " ", text).strip()

    body = (wire.__doc__ or "").split("\n", 2)[2]
    assert words(body) in words(said)
