"""Writes speech down with faster-whisper: the same weights and rules as plain Whisper, in another engine.

The engine is CTranslate2, in a process of its own; what is told to it and what is believed of its
answers is decided here.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from interviewer.core.models import Span
from interviewer.core.ports import FloatArray
from interviewer.engines import convert_faster
from interviewer.engines.cores import cores_to_use
from interviewer.engines.faster_link import FasterChild
from interviewer.engines.hear_whisper import RULE, leading, was_heard
from interviewer.engines.streaming import Spoken

log = logging.getLogger(__name__)


class FasterScribe:
    """A `streaming.Scribe`. Not thread-safe.

    Loading blocks for seconds, and longer the first time, when the checkpoint is converted. With `fillers` the model
    is led to write down the ums that it leaves out otherwise; `device` "cpu" keeps it off the graphics card; `command`
    is that of the child process. Raises ModelMissing when the file or the engine is not there, ModelCorrupt when the
    file is not a Whisper checkpoint or has another hash than `sha256`, EngineError when the engine fails, and
    StoreError when the converted model cannot be kept.
    """

    engine = "faster-whisper"
    rough = False
    rule = RULE

    def __init__(
        self,
        weights: Path,
        data_dir: Path,
        *,
        sha256: str | None = None,
        language: str = "en",
        fillers: bool = False,
        device: str = "auto",
        command: Sequence[str] | None = None,
    ) -> None:
        self._prompt: str | None = None
        self._fillers = fillers
        self._device = device
        self._command = command
        self._made = convert_faster.converted(weights, data_dir, sha256=sha256, command=command)
        self.model = self._made.name
        # Models for English alone know no other language.
        self._language = language if self._made.multilingual else "en"
        self._child = self._started()

    def warm_up(self) -> None:
        """Do nothing: the engine is loaded and compiled, and its first piece takes no longer than the next."""

    def prime(self, terms: Sequence[str]) -> None:
        """Lead the model towards these terms, in every piece of the answer that follows."""
        self._prompt = leading(terms, multilingual=self._made.multilingual, fillers=self._fillers)

    def write(self, samples: FloatArray, speech: Sequence[Span]) -> Iterator[Spoken]:
        """Write a piece down. Raises EngineError when the engine fails; the next piece finds a new one."""
        for segment in self._ask(samples, self._prompt):
            if was_heard(segment["start"], segment["end"], speech):
                for text, start_s, end_s, probability in segment["words"]:
                    yield Spoken(str(text), start_s, end_s, probability)

    def _ask(self, samples: FloatArray, prompt: str | None) -> list[dict[str, Any]]:
        if self._child.ended:
            self._child = self._started()
        request = {"do": "write", "language": self._language, "prompt": prompt}
        return list(self._child.ask(request, samples.astype(np.float32, copy=False).tobytes())["segments"])

    def _started(self) -> FasterChild:
        began_s = monotonic()
        child = FasterChild(self.model, self._command)
        request = {"do": "load", "folder": str(self._made.folder), "threads": cores_to_use(), "device": self._device}
        try:
            device = child.ask(request)["device"]
        except BaseException:
            child.end()
            raise
        log.info("loaded %s on %s in %.1f s", self.model, device, monotonic() - began_s)
        return child
