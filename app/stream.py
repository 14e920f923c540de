"""The stream: a client asks as often as it likes, and the newest question is the one being answered.

Three parts: a reader that puts what comes in into a mailbox of one, a mailbox in which a newer question replaces an
older one, and an answerer that looks into the mailbox after each chunk, and within a landscape after each batch of
points, which comes as an empty frame and is not sent. It never looks before the first chunk, so while somebody drags a
slider every question that was begun shows at least its beginning.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from app import compute, wire
from app.errors import Refusal, title
from app.questions import Message, hear, read_message
from app.security import may_stream
from app.services import Services
from core.spec import Comparison

router = APIRouter()
_LOG = logging.getLogger("ravine")


@dataclass(frozen=True)
class Job:
    """A message that asks for something."""

    message: Message
    comparison: Comparison


class Mailbox:
    """A box with one place: what is put in replaces what was not taken yet."""

    def __init__(self) -> None:
        self._job: Job | None = None
        self._filled = asyncio.Event()

    @property
    def filled(self) -> bool:
        """Say whether something newer waits."""
        return self._filled.is_set()

    def put(self, job: Job) -> None:
        """Leave a job."""
        self._job = job
        self._filled.set()

    def drop(self, identifier: int) -> None:
        """Forget the waiting job if it has this id."""
        if self._job is not None and self._job.message.id == identifier:
            self._job = None
            self._filled.clear()

    async def take(self) -> Job:
        """Wait for a job and take it."""
        while self._job is None:
            await self._filled.wait()
        job, self._job = self._job, None
        self._filled.clear()
        return job


class Session:
    """One open socket."""

    def __init__(self, socket: WebSocket, services: Services) -> None:
        self._socket = socket
        self._services = services
        self._mailbox = Mailbox()
        self._sending = asyncio.Lock()
        self._cancelled: int | None = None

    async def run(self) -> None:
        """Serve until the client leaves; nothing is computed for it afterwards."""
        answering = asyncio.create_task(self._answer_all())
        reading = asyncio.create_task(self._read_all())
        try:
            done, _ = await asyncio.wait((answering, reading), return_when=asyncio.FIRST_COMPLETED)
        finally:
            answering.cancel()
            reading.cancel()
        for task in done:
            task.result()

    async def _read_all(self) -> None:
        """Put what is asked into the mailbox; refuse what is no question."""
        while True:
            event = await self._socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            text = event.get("text")
            if text is None:
                await self._refuse(
                    None, Refusal(400, [{"loc": "", "msg": "Send JSON as text frames, not binary ones"}])
                )
                continue
            message = await self._understood(text)
            if message is None:
                continue
            if message.cancel:
                self._mailbox.drop(message.id)
                self._cancelled = message.id
            elif message.comparison is not None:
                self._cancelled = None
                self._mailbox.put(Job(message, message.comparison))

    async def _understood(self, text: str) -> Message | None:
        """Read what was said; refuse what is no question. What takes long to read is read in a thread."""
        identifier: int | None = None
        try:
            said = hear(text)
            identifier = said.identifier
            return await self._services.worker.read(read_message, said) if said.dear else read_message(said)
        except Refusal as refusal:
            await self._refuse(identifier, refusal)
            return None

    async def _answer_all(self) -> None:
        """Answer what lies in the mailbox, one job after another."""
        while True:
            job = await self._mailbox.take()
            try:
                await self._answer(job)
            except Refusal as refusal:
                await self._refuse(job.message.id, refusal)
            except WebSocketDisconnect:
                return
            except Exception:
                _LOG.exception("a request on the stream failed")
                await self._refuse(job.message.id, Refusal(500, []))

    async def _answer(self, job: Job) -> None:
        """Send a job's frames, until it is done, superseded or cancelled."""
        identifier = job.message.id
        shown = job.message.refine  # what it has shown was asked for before, and nothing that it did is lost
        async with aclosing(self._frames(job)) as frames:
            # Beside each other: of a surface that nobody has seen yet both have to be compiled.
            outcomes = await asyncio.gather(self._send_heights(job), anext(frames, None), return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
            frame: Any = outcomes[1]
            while frame is not None:
                if frame:
                    await self._send(frame)
                    shown = True
                if (self._mailbox.filled and shown) or self._cancelled == identifier:
                    return
                frame = await anext(frames, None)
        await self._send(wire.done_frame(identifier, job.comparison.hash()))

    async def _send_heights(self, job: Job) -> None:
        """Send the heights of a job that asks for a view beside its runs."""
        message = job.message
        if message.view is None or message.refine:
            return
        work = (compute.heights_frame, message.id, job.comparison, message.view, self._services.grounds)
        await self._send(await self._services.worker.run(*work))

    def _frames(self, job: Job) -> AsyncGenerator[bytes]:
        """Return the frames of a job, each computed when it is asked for."""
        message, snapshots = job.message, self._services.snapshots
        frames: Iterator[bytes]
        if message.view is not None and message.refine:
            frames = compute.ground_frames(message.id, job.comparison, message.view, self._services.grounds)
        elif message.landscape is not None:
            frames = compute.landscape_frames(
                message.id, job.comparison, message.landscape, snapshots, self._services.grounds
            )
        else:
            frames = compute.run_frames(message.id, job.comparison, snapshots, message.theory)
        return self._services.worker.iterate(frames)

    async def _refuse(self, identifier: int | None, refusal: Refusal) -> None:
        with contextlib.suppress(WebSocketDisconnect):
            await self._send(wire.error_frame(identifier, refusal.status, title(refusal.status), refusal.errors))

    async def _send(self, frame: bytes) -> None:
        async with self._sending:
            if self._socket.client_state is not WebSocketState.CONNECTED:
                raise WebSocketDisconnect
            try:
                await self._socket.send_bytes(frame)
            except RuntimeError as error:  # a send after the close: the reader has not been told yet
                raise WebSocketDisconnect from error


@router.websocket("/api/stream")
async def stream(socket: WebSocket) -> None:
    """Open a session, unless the page that asks belongs to a stranger."""
    services: Services = socket.app.state.services
    if not may_stream(socket.headers, services.settings.allowed_origins):
        await socket.close(1008, "This origin is not allowed; see RAVINE_ALLOWED_ORIGINS")
        return
    await socket.accept()
    with services.metrics.session():
        await Session(socket, services).run()
