"""Downloads Whisper's published weights into our models folder, and nothing else.

What came of a download stays beside the place of the file, with `.part` behind its name, whatever ends it; the next
try asks for the rest. A file gets its name only once every byte of it has the published hash, so it does not matter
who answered: a mirror, a cache, or a server that changed its mind half-way.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from interviewer.core.errors import (
    Cancelled,
    DownloadError,
    InputError,
    InterviewerError,
    ModelCorrupt,
    StoreError,
)
from interviewer.core.file_lock import held
from interviewer.core.paths import make_private
from interviewer.core.transfers import Pace, Stage, Transfer, size_words
from interviewer.engines import whisper_files
from interviewer.engines.http_stream import BrokeOff, Head, Stream, status_error
from interviewer.engines.part_file import PartFile, hash_of

log = logging.getLogger(__name__)

PUBLISHED_AT = "https://openaipublic.azureedge.net/main/whisper/models"
URL_VARIABLE = "INTERVIEWER_WHISPER_URL"
"""Names another server with the same tree: a mirror, or the one of a test."""

PATIENCE_S = 30.0
"""How long a server may send nothing."""
TRIES = 5
"""How often a connection may break off before that is told; it is made anew at once."""
WORTH_BYTES = 16_000_000
"""A connection that brought so much does not count as one of them: large files take many."""
SPARE_BYTES = 100_000_000
"""What a download leaves free: a quarter of an hour of recording at 48 kHz."""
TELL_EVERY_S = 0.2

Tell = Callable[[Transfer], None]
"""Is told on the caller's thread, at most every TELL_EVERY_S."""


def base_address() -> str:
    """Return where the weights are asked for: the environment's address, else the published one."""
    return os.environ.get(URL_VARIABLE, "").strip().rstrip("/") or PUBLISHED_AT


def address_of(name: str, base: str = "") -> str:
    """Return the address of a known model. Raises InputError for any other name."""
    model, facts = known(name)
    return f"{(base or base_address()).rstrip('/')}/{facts.sha256}/{model}.pt"


def known(name: str) -> tuple[str, whisper_files.Published]:
    """Return the proper name of a model or alias, and what is known of it. Raises InputError for any other."""
    model = whisper_files.ALIASES.get(name.strip(), name.strip())
    facts = whisper_files.published(model)
    if facts is None:
        hint = f"Name one of: {', '.join(whisper_files.KNOWN)}."
        raise InputError(f"There is no published Whisper model {model or '(no name)'}", hint=hint)
    return model, facts


class Progress:
    """Tells how far something is, not more often than anybody can read."""

    def __init__(self, tell: Tell, now: Callable[[], float] = time.monotonic) -> None:
        self._tell, self._now = tell, now
        self._pace = Pace(now)
        self._last: tuple[Stage, float] | None = None

    def at(self, stage: Stage, done_bytes: int = 0, total_bytes: int | None = None) -> None:
        """Tell a new stage at once, more of the same after a while, and the end always."""
        at_s = self._now()
        same = self._last is not None and self._last[0] is stage
        if same and self._last is not None and at_s - self._last[1] < TELL_EVERY_S and done_bytes != total_bytes:
            return
        if not same:
            self._pace = Pace(self._now)
        self._last = (stage, at_s)
        self._tell(Transfer(stage, done_bytes, total_bytes, self._pace.note(done_bytes)))


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How to ask for weights. `base` "" is what `base_address` says, `proxy` "" what the system says."""

    base: str = ""
    proxy: str = ""
    patience_s: float = PATIENCE_S
    tries: int = TRIES

    def fetch(
        self,
        name: str,
        folder: Path,
        *,
        tell: Tell = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Path:
        """Download the known model `name` into `folder` and return its file; one that is there and whole is kept.

        Blocks for minutes; goes on where an earlier try ended. Raises InputError for an unknown name or a proxy that is
        none, DownloadError when the file does not come or somebody else is fetching it, ModelCorrupt when
        what came is not what was published (nothing of it is kept), StoreError when the disk is full or
        fails, and Cancelled within a second of `cancelled` saying so.
        """
        model, facts = known(name)
        address = address_of(model, self.base)
        target = make_private(folder) / f"{model}.pt"
        progress = Progress(tell)

        def checking(done: int, total: int) -> None:
            if cancelled():
                raise Cancelled("The download was cancelled")
            progress.at(Stage.CHECKING, done, total)

        with disk_faults(folder), held(lock_of(target)) as alone:
            if not alone:
                raise busy(model)
            if target.is_file() and hash_of(target, checking) == facts.sha256:
                return target
            with PartFile(whisper_files.part_of(target)) as part:
                download = _Download(self, model, facts, address, part, progress, cancelled)
                try:
                    part.read_through(checking)
                    download.complete()
                except (DownloadError, Cancelled) as error:
                    raise _with_what_is_kept(error, model, part.size) from error
                part.put_in_place(target)
        log.info("downloaded %s, %d bytes", model, download.part.size)
        return target


@dataclass(frozen=True, slots=True)
class _Download:
    """One download under way; `part` is open and read through."""

    fetcher: Fetcher
    model: str
    facts: whisper_files.Published
    address: str
    part: PartFile
    progress: Progress
    cancelled: Callable[[], bool]

    def complete(self) -> None:
        """Receive until the part is the whole file."""
        if self.part.size > self.facts.most_bytes:
            self.part.restart()
        broken = 0
        while not self._matches():
            before = self.part.size
            try:
                self._receive()
                return
            except BrokeOff:
                # A server that promises more than there is breaks off as well, with everything sent.
                broken += self.part.size - before < WORTH_BYTES
                if broken >= self.fetcher.tries and not self._matches():
                    raise

    def _matches(self) -> bool:
        return self.part.sha256 == self.facts.sha256

    def _receive(self) -> None:
        """Take what is missing to its end. Raises what `fetch` does."""
        while not self._ask():
            self.part.restart()

    def _ask(self) -> bool:
        """Ask once; return False, with nothing taken, where what lies here is not how the file there begins."""
        at = self.part.size
        self.progress.at(Stage.CONNECTING, at)
        headers = {"Accept-Encoding": "identity", "User-Agent": "Interviewer"}
        if at:
            headers["Range"] = f"bytes={at}-"
        with Stream(
            self.address,
            headers,
            proxy=self.fetcher.proxy,
            patience_s=self.fetcher.patience_s,
            cancelled=self.cancelled,
        ) as stream:
            head = stream.head()
            goes_on = at > 0 and head.status == 206 and _range(head)[0] == at
            if at and head.status in (206, 416) and not goes_on:
                return False
            if head.status != 200 and not goes_on:
                raise status_error(head)
            self._take(head, stream.blocks())
        return True

    def _take(self, head: Head, blocks: Iterator[bytes]) -> None:
        total = self._total(head)
        if head.status == 200:
            self.part.restart()  # it sends everything, whatever was asked for
        check_room(self.part.path.parent, (total or self.facts.size_mb * 1_000_000) - self.part.size)
        for block in blocks:
            self.part.write(block)
            self.progress.at(Stage.RECEIVING, self.part.size, total)
            if self.part.size > self.facts.most_bytes:
                break
        if self._matches():
            return
        if self.part.size < (self.facts.least_bytes if total is None else total):
            # A connection that just ends, and a server that sends the rest in slices, look alike.
            raise BrokeOff(f"{head.host} stopped sending", hint="Try again, or bring the file from elsewhere.")
        self.part.remove()
        hint = "Nothing of it was kept. Try again, or bring the file from elsewhere."
        raise ModelCorrupt(f"What came from {head.host} is not the published {self.model}", hint=hint)

    def _total(self, head: Head) -> int | None:
        """Return how long the whole file is said to be. Raises DownloadError where it cannot be the one wanted."""
        if "text/html" in head.headers.get("content-type", ""):
            hint = "The network may want you to sign in first: open any page in a browser, then download again."
            raise DownloadError(f"{head.host} answered with a web page in place of the file", hint=hint)
        length = _number(head.headers.get("content-length", ""))
        total = length if head.status == 200 else _range(head)[1]
        if total is not None and not self.facts.least_bytes <= total <= self.facts.most_bytes:
            hint = f"Check {URL_VARIABLE} if you set it, or bring the file from elsewhere."
            raise DownloadError(f"{head.host} offers {size_words(total)}, which cannot be {self.model}", hint=hint)
        return total


def lock_of(target: Path) -> Path:
    """Return the file that is held by whoever works on the weights at `target`."""
    return target.with_name(f".{target.name}.lock")


def busy(model: str) -> DownloadError:
    """Return what to say where somebody else works on the same weights."""
    hint = "Wait until that is done, or cancel it in the window or terminal where it runs."
    return DownloadError(f"{model} is being downloaded or brought already", hint=hint)


def check_room(folder: Path, needed_bytes: int) -> None:
    """Raise StoreError unless so much fits into `folder` with SPARE_BYTES left over."""
    free = shutil.disk_usage(folder).free
    if free < needed_bytes + SPARE_BYTES:
        needed = size_words(needed_bytes + SPARE_BYTES)
        hint = f"Free some space where {folder} is, or choose another data folder with --data-dir."
        raise StoreError(f"There is no room: {needed} are needed, {size_words(free)} are free", hint=hint)


@contextlib.contextmanager
def disk_faults(folder: Path) -> Iterator[None]:
    """Turn what goes wrong with our own files into StoreError."""
    try:
        yield
    except InterviewerError:
        raise
    except OSError as exc:
        hint = f"Free some space where {folder} is, or see that it can be written to. What came is kept."
        raise StoreError(f"The model cannot be kept ({exc.strerror or exc})", hint=hint) from exc


def _with_what_is_kept(error: InterviewerError, model: str, kept_bytes: int) -> InterviewerError:
    what = "was cancelled" if isinstance(error, Cancelled) else f"failed: {error}"
    kept = f"{size_words(kept_bytes)} are kept: downloading again goes on from there." if kept_bytes else ""
    hint = kept or "Nothing had come yet." if isinstance(error, Cancelled) else f"{error.hint} {kept}".rstrip()
    kind = Cancelled if isinstance(error, Cancelled) else DownloadError
    return kind(f"The download of {model} {what}", hint=hint)


def _range(head: Head) -> tuple[int | None, int | None]:
    """Return where this part of the file begins and how long the whole is, None for what is not stated."""
    stated = re.match(r"bytes (\d+)-\d+/(\d+|\*)", head.headers.get("content-range", ""), re.ASCII)
    return (int(stated[1]), _number(stated[2])) if stated else (None, None)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None
