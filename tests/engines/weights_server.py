"""A real HTTP server on this machine that hands weights out as a test tells it to, mostly badly."""

from __future__ import annotations

import contextlib
import hashlib
import io
import random
import threading
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from interviewer.engines.whisper_files import ENGLISH, Published

Answer = Callable[["Handler"], None]
BLOCK = 1 << 16


def weights(size: int = 3_000_000) -> bytes:
    """A checkpoint as far as anybody can tell without torch, of about so many bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        # Without a date of its own it would hold the present one, and have another hash each time.
        archive.writestr(zipfile.ZipInfo("archive/data"), random.Random(7).randbytes(size))
    return file.getvalue()


def facts(content: bytes) -> Published:
    return Published(round(len(content) / 1e6), ENGLISH, hashlib.sha256(content).hexdigest())


class Server:
    """What is handed out, how, and what was asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.answers: deque[Answer] = deque()
        """How the next requests are answered; the ones after them properly."""
        self.always: Answer = properly
        self.asked: list[tuple[str, str]] = []
        """Path and Range of each request."""
        self.headers: list[dict[str, str]] = []
        self.stalled = threading.Event()
        self.over = threading.Event()
        self.base = ""

    @property
    def ranges(self) -> list[str]:
        return [asked for _, asked in self.asked]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    told: Server

    def do_GET(self) -> None:
        told = self.told
        told.asked.append((self.path, self.headers.get("Range", "")))
        told.headers.append(dict(self.headers))
        self.close_connection = True
        answer = told.answers.popleft() if told.answers else told.always
        with contextlib.suppress(ConnectionError):  # whoever asked went away, as tests do
            answer(self)

    def begin(self, status: int, **headers: str | int) -> None:
        self.send_response(status)
        # Said, because it is done: a connection that is closed unannounced is asked once more, and breaks off.
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    @property
    def start(self) -> int:
        """The first byte asked for."""
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))

    def send(self, data: bytes) -> None:
        for at in range(0, len(data), BLOCK):
            self.wfile.write(data[at : at + BLOCK])
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _head(handler: Handler, content: bytes, **more: str | int) -> bytes:
    """Answer the range that was asked for; return what has to follow."""
    start, total = handler.start, len(content)
    if start >= total > 0:
        handler.begin(416, Content_Length=0, Content_Range=f"bytes */{total}")
        return b""
    rest = content[start:]
    ranged = {"Content_Range": f"bytes {start}-{total - 1}/{total}"} if "Range" in handler.headers else {}
    handler.begin(206 if ranged else 200, **{"Content_Length": len(rest), **ranged, **more})
    return rest


def properly(handler: Handler) -> None:
    handler.send(_head(handler, handler.told.content))


def breaking_after(size: int) -> Answer:
    """Send so many bytes and hang up."""
    return lambda handler: handler.send(_head(handler, handler.told.content)[:size])


def stalling_after(size: int) -> Answer:
    """Send so many bytes, then nothing more until the test is over."""

    def answer(handler: Handler) -> None:
        handler.send(_head(handler, handler.told.content)[:size])
        handler.told.stalled.set()
        handler.told.over.wait(60)

    return answer


def silent(handler: Handler) -> None:
    """Answer nothing at all."""
    handler.told.stalled.set()
    handler.told.over.wait(60)


def declaring(length: int) -> Answer:
    """Say that it is so long, whatever it is."""
    return lambda handler: handler.send(_head(handler, handler.told.content, Content_Length=length))


def without_length(size: int | None = None) -> Answer:
    """Send it, or so many bytes of it, without saying how long it is."""

    def answer(handler: Handler) -> None:
        handler.begin(200)
        handler.send(handler.told.content[:size])

    return answer


def endlessly(handler: Handler) -> None:
    handler.begin(200)
    while not handler.told.over.is_set():
        handler.send(bytes(BLOCK))


def other(content: bytes) -> Answer:
    """Hand out something else."""
    return lambda handler: handler.send(_head(handler, content))


def without_ranges(handler: Handler) -> None:
    """Send everything, whatever was asked for."""
    content = handler.told.content
    handler.begin(200, Content_Length=len(content))
    handler.send(content)


def from_the_start_as_a_range(handler: Handler) -> None:
    """Say 206 and send another range than the one asked for."""
    content = handler.told.content
    if "Range" not in handler.headers:
        properly(handler)
        return
    handler.begin(206, Content_Length=len(content), Content_Range=f"bytes 0-{len(content) - 1}/{len(content)}")
    handler.send(content)


def in_slices_of(size: int) -> Answer:
    """Send at most so many bytes of a range, properly stated, as some caches do."""

    def answer(handler: Handler) -> None:
        content, start = handler.told.content, handler.start
        part = content[start : start + size]
        stated = f"bytes {start}-{start + len(part) - 1}/{len(content)}"
        handler.begin(206, Content_Length=len(part), Content_Range=stated)
        handler.send(part)

    return answer


def refusing(status: int) -> Answer:
    return lambda handler: handler.begin(status, Content_Length=0)


def sending_to(place: str) -> Answer:
    return lambda handler: handler.begin(302, Location=place, Content_Length=0)


def signing_in(handler: Handler) -> None:
    """Be the page that a hotel shows first."""
    page = b"<html>Sign in to use this network</html>"
    handler.begin(200, Content_Type="text/html; charset=utf-8", Content_Length=len(page))
    handler.send(page)


@contextmanager
def serving(content: bytes) -> Iterator[Server]:
    """Serve on a port of this machine until the block ends."""
    told = Server(content)
    http = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (Handler,), {"told": told}))
    http.daemon_threads = True
    told.base = f"http://127.0.0.1:{http.server_port}/models"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        told.over.set()
        http.shutdown()
        thread.join()
        http.server_close()
