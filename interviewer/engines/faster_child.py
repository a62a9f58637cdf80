"""Runs faster-whisper away from torch: the program of the child that the model process starts.

    {"do": "convert", "folder": ...}                 builds a model from what lies in the folder
    {"do": "load", "folder": ..., "threads": 3}      answers with the "device"
    {"do": "write", "language": ..., "prompt": ...}  and float32 samples behind it; answers with "segments"

A segment has a start and an end in seconds and its words: text, start, end, probability. Every answer
says "ok": true; where something went wrong it is {"ok": false, "error": ..., "memory": true or false}.

It ends with its standard input, also in the middle of work: whoever started it is gone then.
"""

from __future__ import annotations

import importlib
import math
import os
import queue
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import IO, Any

from interviewer.engines.faster_frames import read_message, write_message

Request = tuple[dict[str, Any], bytes]


def main() -> None:
    """Serve requests until standard input ends."""
    # Ctrl-C in a terminal reaches every process of the group; the window decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Earlier versions of CTranslate2 import it where they find it, and the two do not get on in one process.
    sys.modules.setdefault("torch", None)  # type: ignore[arg-type]  # "there is none"
    answers = os.fdopen(os.dup(1), "wb")
    # What a library prints belongs among the errors: standard output is ours to answer on.
    os.dup2(2, 1)
    requests: queue.SimpleQueue[Request] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin.buffer, requests), name="parent watch", daemon=True).start()
    engine = Engine()
    while True:
        request, blob = requests.get()
        try:
            answer = {"ok": True, **engine.do(request, blob)}
        except Exception as exc:  # noqa: BLE001  whatever went wrong is the answer
            # Where, and not the message: that might quote an answer.
            _tell("".join(traceback.format_tb(exc.__traceback__)) + type(exc).__name__)
            answer = {"ok": False, "error": type(exc).__name__, "memory": _out_of_memory(exc)}
        try:
            write_message(answers, answer)
        except OSError:
            os._exit(0)


def _read(stream: IO[bytes], requests: queue.SimpleQueue[Request]) -> None:
    """Take requests in, and end the process when there will be none: the work goes on without the GIL."""
    try:
        while True:
            requests.put(read_message(stream))
    except BaseException:  # noqa: BLE001  however it ended, nobody waits for an answer
        os._exit(0)


class Engine:
    """The model, once it is loaded."""

    def __init__(self) -> None:
        self._model: Any = None
        self._load: tuple[str, str, str, int] | None = None
        self._drew = False
        """Whether words were drawn by chance, as the last resort is."""

    def do(self, request: dict[str, Any], blob: bytes) -> dict[str, Any]:
        """Do what is asked and return what there is to say about it."""
        match request["do"]:
            case "convert":
                from interviewer.engines import faster_weights

                faster_weights.build(Path(request["folder"]))
                return {}
            case "load":
                return self._choose(request["folder"], int(request["threads"]), request.get("device", "auto"))
            case _:
                return {"segments": self._write(blob, request["language"], request["prompt"])}

    def _choose(self, folder: str, threads: int, device: str) -> dict[str, Any]:
        """Load on the graphics card if that is allowed and really works, else on the processor."""
        import ctranslate2
        import numpy as np

        _keep_tqdm_from_semaphores()
        if device == "auto" and ctranslate2.get_cuda_device_count() > 0:
            try:
                # A card is counted where CUDA's libraries are missing or too old, and only work tells.
                self._open(folder, "cuda", "float16", threads)
                self._write(np.zeros(16_000, dtype=np.float32).tobytes(), "en", None)
                return {"device": "cuda"}
            except Exception as exc:  # noqa: BLE001  the processor does the same, if more slowly
                _tell(f"not on the graphics card: {exc}")
        self._open(folder, "cpu", "int8", threads)
        return {"device": "cpu"}

    def _open(self, folder: str, device: str, kind: str, threads: int) -> None:
        import ctranslate2
        from faster_whisper import WhisperModel

        self._model, self._drew = None, False
        self._load = (folder, device, kind, threads)
        ctranslate2.set_random_seed(0)
        model = WhisperModel(folder, device=device, compute_type=kind, cpu_threads=threads, local_files_only=True)

        def decode_and_note(*arguments: Any) -> Any:
            decoded = WhisperModel.generate_with_fallback(self._model, *arguments)
            self._drew |= decoded[2] > 0  # the temperature that it ended with
            return decoded

        # Asked here, because what was drawn may be thrown away and no segment tell of it.
        model.generate_with_fallback = decode_and_note
        self._model = model

    def _write(self, blob: bytes, language: str, prompt: str | None) -> list[dict[str, Any]]:
        import numpy as np

        assert self._load is not None  # what is asked first is "load"
        if self._drew:
            # The same sound is to give the same words, and only a new model heeds the seed: one that had drawn
            # before went on from there after `set_random_seed` (CTranslate2 4.8.5).
            self._open(*self._load)
        segments = self._segments(np.frombuffer(blob, dtype=np.float32), language, prompt)
        return [
            {
                "start": _number(segment.start),
                "end": _number(segment.end),
                "words": [
                    [word.word, _number(word.start), _number(word.end), _number(word.probability)]
                    for word in segment.words or ()
                ],
            }
            for segment in segments
        ]

    def _segments(self, samples: Any, language: str, prompt: str | None) -> list[Any]:
        segments, _ = self._model.transcribe(
            samples,
            language=language,
            beam_size=1,
            best_of=1,
            condition_on_previous_text=False,
            word_timestamps=True,
            vad_filter=False,
            hotwords=prompt,
        )
        return list(segments)


def _tell(text: str) -> None:
    """Write to standard error, which the model process logs the end of when something went wrong."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _number(value: float) -> float:
    return float(value) if math.isfinite(value) else 0.0


def _out_of_memory(exc: Exception) -> bool:
    return isinstance(exc, MemoryError) or "memory" in str(exc).lower()


def _keep_tqdm_from_semaphores() -> None:
    """Give tqdm a lock for this process alone: its own starts a process that outlives this one."""
    importlib.import_module("tqdm").tqdm.set_lock(threading.RLock())


if __name__ == "__main__":
    main()
