"""Renders one text to a WAV file with pyttsx3 and exits: the program of the speech child.

    {"text": ..., "voice": ... or null, "rate": 165, "path": ...}   renders, answers {"ok": true}
    {"list": true}                                                  answers {"ok": true, "voices": [...]}

One request as JSON on standard input, one answer as a line of JSON on standard output:
{"ok": false, "missing": true or false, "error": ...} when it did not work, `missing` when
this machine has no speech engine or voice. One process for each text, because pyttsx3
loses the second one, cannot be stopped, and leaves threads that hang at exit. Imports the
standard library only, and what it needs when it needs it: it starts in 50 ms.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from time import monotonic
from typing import Any

DEADLINE_S = 60.0
"""The parent kills sooner; this is for a parent that was killed itself. 242 s of speech took 1.3 s."""
POLL_S = 0.05
STEADY_POLLS = 10
TELLS_NO_END = sys.platform == "win32"
"""Whether the platform's engine never says that it has finished (nateshmbhat/pyttsx3, sapi5)."""


CANCELS_SETTINGS = sys.platform.startswith("linux")


class NoVoice(Exception):
    """There is no speech engine on this machine, or it has no voice."""


def main() -> None:
    """Serve one request and end the process without waiting for anything."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # pyttsx3 prints to standard output, which is ours to answer on.
    os.dup2(2, 1)
    threading.Timer(DEADLINE_S, os._exit, args=(3,)).start()
    try:
        answer = _serve(json.loads(sys.stdin.buffer.read()))
    except NoVoice as exc:
        answer = {"ok": False, "missing": True, "error": str(exc)}
    except Exception as exc:  # noqa: BLE001  whatever went wrong is the answer
        answer = {"ok": False, "missing": False, "error": f"{type(exc).__name__}: {exc}"}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
    # Not sys.exit(): engines leave threads behind that never end.
    os._exit(0)


def _serve(request: dict[str, Any]) -> dict[str, Any]:
    engine = _engine()
    if request.get("list"):
        return {"ok": True, "voices": _voices(engine)}
    path = Path(request["path"])
    _choose(engine, request.get("voice"), int(request["rate"]))
    _render(engine, request["text"], path)
    _convert(path)
    return {"ok": True}


def _engine() -> Any:
    import pyttsx3

    try:
        return pyttsx3.init()
    except (ImportError, OSError, RuntimeError, KeyError) as exc:
        raise NoVoice(str(exc)) from exc


def _voices(engine: Any) -> list[dict[str, str]]:
    found = []
    for voice in engine.getProperty("voices") or ():
        languages = voice.languages or [""]
        language = languages[0] or ""
        if isinstance(language, bytes):
            language = language.decode("utf-8", errors="replace")
        found.append({"id": str(voice.id), "name": str(voice.name), "language": language.replace("_", "-")})
    return found


def _choose(engine: Any, voice: str | None, rate_wpm: int) -> None:
    known = {entry["id"] for entry in _voices(engine)}
    if not known:
        raise NoVoice("the speech engine has no voice")
    # A voice that was uninstalled is no reason to be silent: the default one speaks.
    if voice in known:
        engine.setProperty("voice", voice)
    _set_rate(engine, rate_wpm)


def _set_rate(engine: Any, rate_wpm: int) -> None:
    """Have the text spoken at this rate.

    eSpeak NG takes settings on a thread of its own, and pyttsx3 begins each loop with a cancel
    that throws away the one being taken and those since the last text: about one text in a
    hundred on a busy machine came at another rate. So there it is set after that cancel and
    right before the text, in the one place where pyttsx3 lets us in between.
    """
    if not CANCELS_SETTINGS:
        engine.setProperty("rate", rate_wpm)
        return
    from pyttsx3.drivers.espeak import EspeakDriver

    engine.connect("started-utterance", lambda **_others: EspeakDriver.setProperty("rate", rate_wpm))


def _render(engine: Any, text: str, path: Path) -> None:
    """Synthesise into `path`; returns when the file is complete, raises RuntimeError when it will not be."""
    finished = threading.Event()
    failures: list[BaseException] = []

    def on_error(exception: BaseException, **_others: object) -> None:
        failures.append(exception)

    # An unwritable path would only show as a hang: the engine writes on a thread of its own.
    path.touch()
    engine.connect("finished-utterance", lambda **_others: finished.set())
    engine.connect("error", on_error)
    engine.save_to_file(text, str(path))
    # On Linux this returns at once, the file and then the event follow; on Windows no event ever
    # comes, and a file that grows no more must do. Elsewhere a busy machine may pause in the middle.
    engine.runAndWait()
    enough = STEADY_POLLS if TELLS_NO_END else sys.maxsize
    steady, size, deadline_s = 0, -1, monotonic() + DEADLINE_S
    while not finished.wait(POLL_S) and steady < enough:
        if failures:
            raise RuntimeError("the speech engine failed") from failures[0]
        if monotonic() > deadline_s:
            raise RuntimeError("the speech engine did not finish")
        now = path.stat().st_size
        steady = steady + 1 if now > 0 and now == size else 0
        size = now
    if not path.stat().st_size:
        raise RuntimeError("the speech engine wrote nothing")


def _convert(path: Path) -> None:
    """Make a PCM16 WAV of whatever was written: macOS writes AIFF under any name."""
    with path.open("rb") as file:
        if file.read(4) == b"RIFF":
            return
    import soundfile

    samples, rate_hz = soundfile.read(str(path), dtype="int16")
    soundfile.write(str(path), samples, rate_hz, format="WAV", subtype="PCM_16")


if __name__ == "__main__":
    main()
