"""Speaks with the voices of the operating system, through pyttsx3 in a child process.

The child renders to a file and exits; the file is played by our own Player. So a hanging
speech engine is a process to kill, silence is immediate, and the events of pyttsx3, which
tell of success where nothing sounded, are never believed: the file is looked at.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from interviewer.core.errors import AudioError, DeviceError, InterviewerError
from interviewer.core.ports import Failed, Player, Voice
from interviewer.engines.gate import Gate
from interviewer.engines.speech_cache import SpeechCache

log = logging.getLogger(__name__)

RENDER_S = 30.0
"""For the longest text; four minutes of speech took 1.3 s."""
LIST_S = 15.0
CLOSE_S = 3.0

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]


def child_command() -> tuple[str, ...]:
    """Return the command of the speech child. A frozen program has to pass one of its own."""
    # -P: the current folder is no place to import from; a `wave.py` there would be run.
    return (sys.executable, "-P", "-m", "interviewer.engines.speech_child")


def list_voices(command: Sequence[str] | None = None) -> tuple[Voice, ...]:
    """Return the voices of this machine, English ones first. Takes about 0.2 s.

    Raises DeviceError when there is no speech engine or it does not answer.
    """
    answer = _Child(command or child_command()).ask({"list": True}, within_s=LIST_S)
    voices = [Voice(str(v["id"]), str(v["name"]), str(v["language"])) for v in answer["voices"]]
    return tuple(sorted(voices, key=lambda v: (not v.language.lower().startswith("en"), v.language, v.name)))


class _Child:
    """One child process for one request."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._killed = False

    def ask(self, request: Mapping[str, object], *, within_s: float) -> dict[str, Any]:
        """Send the request and return the answer. Raises DeviceError, also when it was killed."""
        process = self._started()
        try:
            out, _ = process.communicate(json.dumps(request).encode(), timeout=within_s)
        except subprocess.TimeoutExpired as exc:
            process.kill()
            process.communicate()
            raise DeviceError("The speech engine does not answer", hint=_TRY_AGAIN) from exc
        return self._understood(out, process.returncode)

    def kill(self) -> None:
        """End it, now or before it starts. Returns at once."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                self._process.kill()

    def _started(self) -> subprocess.Popen[bytes]:
        inherited = os.environ.get("PYTHONPATH", "")
        search = f"{_PACKAGE_PARENT}{os.pathsep}{inherited}" if inherited else str(_PACKAGE_PARENT)
        with self._lock:
            if self._killed:
                raise DeviceError("The speech was stopped")
            try:
                self._process = subprocess.Popen(  # noqa: S603  our own program; the text travels on stdin
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": search},
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError as exc:
                raise DeviceError(f"The speech engine cannot be started ({exc.strerror})", hint=_TRY_AGAIN) from exc
            return self._process

    @staticmethod
    def _understood(out: bytes, exit_code: int) -> dict[str, Any]:
        try:
            answer = json.loads(out)
            worked = bool(answer["ok"])
        except (ValueError, KeyError, TypeError, RecursionError) as exc:
            raise DeviceError(f"The speech engine failed (exit code {exit_code})", hint=_TRY_AGAIN) from exc
        if worked:
            return dict(answer)
        if answer.get("missing"):
            raise DeviceError("No voice was found on this machine", hint=_install_hint())
        raise DeviceError(f"The speech engine failed ({answer.get('error', 'no reason given')})", hint=_TRY_AGAIN)


_TRY_AGAIN = "Try again, or choose another voice in Settings; questions can be read on the screen meanwhile."


def _install_hint() -> str:
    if sys.platform.startswith("linux"):
        return "Run `sudo apt install libespeak-ng1 espeak-ng-data`; questions can be read on the screen meanwhile."
    return "Install a voice in the speech settings of the system; questions can be read on the screen meanwhile."


class _Job:
    """The rendering of one text; runs once, on whichever thread comes first."""

    def __init__(self, work: Callable[[_Child], Path | None], child: _Child, *, prepared: bool) -> None:
        self._work = work
        self._once = threading.Lock()
        self.child = child
        self.prepared = prepared
        self.file: Future[Path | None] = Future()

    def run(self) -> None:
        """Render unless somebody does already; the outcome is in `file`."""
        if not self._once.acquire(blocking=False):
            return
        try:
            self.file.set_result(self._work(self.child))
        except InterviewerError as error:
            self.file.set_exception(error)
        except Exception as exc:
            log.exception("speech could not be rendered")
            told = DeviceError("The speech engine failed unexpectedly", hint=_TRY_AGAIN)
            told.__cause__ = exc
            self.file.set_exception(told)


class Pyttsx3Speaker:
    """The Speaker port over pyttsx3.

    Plays through `player`, which should be the speaker's own: whatever else it plays is
    ended by `say`. `choice` is asked at every text for the voice, None for the system's
    default, and the rate in words a minute; a voice that is gone is replaced by the
    default. Rendered speech is kept in the folder `cache`. `command` starts the child.
    """

    def __init__(
        self,
        player: Player,
        cache: Path,
        choice: Callable[[], tuple[str | None, int]],
        *,
        command: Sequence[str] | None = None,
    ) -> None:
        self._player = player
        self._cache = SpeechCache(cache)
        self._choice = choice
        self._command = tuple(command or child_command())
        self._lock = threading.Lock()
        self._jobs: dict[str, _Job] = {}
        self._saying: tuple[str, _Job] | None = None
        self._playing = False
        self._gate = Gate()
        self._voices: tuple[Voice, ...] = ()
        self._ahead: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._preparer: threading.Thread | None = None
        self._closed = False

    def voices(self) -> tuple[Voice, ...]:
        """Return the voices of this machine, English ones first; empty when there is none. Blocks at first."""
        if not self._voices:
            try:
                self._voices = list_voices(self._command)
            except DeviceError:
                log.warning("no voices can be listed", exc_info=True)
        return self._voices

    def say(self, text: str, *, done: Callable[[], None], failed: Failed) -> None:
        """Speak `text`; then call `done` once, or `failed` once. Ends what was being said."""
        self.hush()
        gate = self._gate = Gate()
        key, job = self._job(text, prepared=False)
        if job is None:
            return
        self._saying = key, job
        job.file.add_done_callback(lambda file: self._play(key, file, gate, done, failed))
        self._start_thread(job.run)

    def prepare(self, text: str) -> None:
        """Render `text` ahead of time, one after the other, so that a later `say` starts at once."""
        _, job = self._job(text, prepared=True)
        if job is None:
            return
        self._ahead.put(job)
        if self._preparer is None:
            self._preparer = self._start_thread(self._prepare_all)

    def hush(self) -> None:
        """Be silent at once; no callback of what was being said comes once this has returned."""
        self._gate.shut()
        if self._playing:
            self._playing = False
            self._player.stop()
        saying, self._saying = self._saying, None
        # What is rendered ahead is still wanted. What is killed must not be waited for by
        # whoever wants the same text next.
        if saying is not None and not saying[1].prepared:
            self._forget(*saying)
            saying[1].child.kill()

    def close(self) -> None:
        """Hush, and end every child."""
        self._closed = True
        self.hush()
        with self._lock:
            jobs = list(self._jobs.values())
        for job in jobs:
            job.child.kill()
        self._ahead.put(None)
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(CLOSE_S)

    def _job(self, text: str, *, prepared: bool) -> tuple[str, _Job | None]:
        """Return the job for a text in the chosen voice, the one that is under way if there is one."""
        voice, rate_wpm = self._choice()
        spoken = speakable(text)
        key = SpeechCache.key(spoken, voice, rate_wpm, _engine_version())
        with self._lock:
            if self._closed:
                return key, None
            job = self._jobs.get(key)
            if job is None or job.file.done():

                def work(child: _Child) -> Path | None:
                    return self._render(child, key, spoken, voice, rate_wpm)

                job = self._jobs[key] = _Job(work, _Child(self._command), prepared=prepared)
                job.file.add_done_callback(lambda _file: self._forget(key, job))
        return key, job

    def _forget(self, key: str, job: _Job) -> None:
        with self._lock:
            if self._jobs.get(key) is job:
                del self._jobs[key]

    def _render(self, child: _Child, key: str, text: str, voice: str | None, rate_wpm: int) -> Path | None:
        """Return the file of a text, None when there is nothing to say. Raises DeviceError, StoreError."""
        if not any(c.isalnum() for c in text):
            return None
        found = self._cache.find(key)
        if found is not None:
            return found
        part = self._cache.part(key)
        try:
            request = {"text": text, "voice": voice, "rate": rate_wpm, "path": str(part)}
            child.ask(request, within_s=RENDER_S)
            return self._cache.keep(part, key)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)

    def _play(self, key: str, file: Future[Path | None], gate: Gate, done: Callable[[], None], failed: Failed) -> None:
        error = file.exception()
        if isinstance(error, InterviewerError):
            gate.tell_last(failed, error)
            return
        path = file.result()
        if path is None:
            gate.tell_last(done)
            return

        def on_done() -> None:
            self._playing = False
            gate.tell_last(done)

        def on_failed(error: InterviewerError) -> None:
            self._playing = False
            if isinstance(error, AudioError):
                # Rendered anew the next time.
                self._cache.drop(key)
            gate.tell_last(failed, error)

        def begin() -> None:
            self._playing = True
            self._player.play(path, done=on_done, failed=on_failed)

        gate.tell(begin)

    def _prepare_all(self) -> None:
        while (job := self._ahead.get()) is not None and not self._closed:
            job.run()

    def _start_thread(self, target: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=target, name="speech", daemon=True)
        self._threads = [*(old for old in self._threads if old.is_alive()), thread]
        thread.start()
        return thread


def speakable(text: str) -> str:
    """Return a text without what a speech engine stumbles over: control characters and halves of characters."""
    clean = text.encode("utf-8", errors="replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in clean).split())


def _engine_version() -> str:
    try:
        return importlib.metadata.version("pyttsx3")
    except importlib.metadata.PackageNotFoundError:
        return ""
