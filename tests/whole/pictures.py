"""Takes the README's pictures of Review, History and Trends: the real window over six weeks of practice.

python -m tests.whole.pictures OUT

The answers are those that ship with the demo, most of them broken off after some sentences; what was said in them is
known, and its words are laid over the speech that the detector hears. Every score is a real one. The picture of
the feedback is the demo's own: `interviewer demo --out DIR`.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import QEventLoop, QTimer

from benchmarks.delivery import Ears
from interviewer import app
from interviewer.core import paths, settings
from interviewer.core.delivery import measure
from interviewer.core.models import Attempt, Clip, Mode, Question, Session, Span, Transcript, Word
from interviewer.core.ports import MODEL_RATE_HZ
from interviewer.core.settings import Appearance, Settings
from interviewer.demo import bank_of, recorded_answers
from interviewer.engines import catalog
from interviewer.engines.sound_file import read_sound
from interviewer.gui.widgets.rail import Place
from interviewer.opening import application
from interviewer.store.opening import open_store
from interviewer.workers.model_process import ModelProcess
from tests.faults import stand_in
from tests.faults.candidate import Candidate

BEGIN = datetime(2026, 9, 28, 16, 30, tzinfo=UTC)
DAYS = (0, 2, 5, 9, 12, 13, 19, 23, 26, 30, 33, 37, 40)
"""On which there was practice."""
SETTLE_MS = 2_500
"""What the pages ask the disk for is painted by then; nothing but the pictures waits for it."""


def make(data: Path) -> str:
    """Keep six weeks of practice in an empty folder, and return the id of the newest answer to the first question."""
    data.mkdir()
    settings.save(data, Settings(daily_backup=False, appearance=Appearance.LIGHT))
    store, scorer = open_store(data, told=_never), catalog.scorer()
    ears = Ears()
    answers = [answer for answer in recorded_answers() if answer.kind != "off-topic"]
    texts = {a["file"]: a["text"] for a in json.loads((paths.asset("demo") / "answers.json").read_text("utf-8"))}
    bank, shown = bank_of(tuple(answers)), ""
    for nth, day in enumerate(DAYS):
        began = BEGIN + timedelta(days=day, minutes=7 * (nth % 5))
        session = f"{began:%Y%m%d-%H%M%S}-abc{nth:03x}"
        chosen = [answers[(nth + k) % len(answers)] for k in range(3)]
        asked = [bank.question(a.question_id) for a in chosen]
        store.begin_session(Session(session, began, bank.title, Mode.PRACTICE, tuple(q.id for q in asked if q)))
        for place, (answer, question) in enumerate(zip(chosen, asked, strict=True)):
            assert question is not None
            attempt = f"{session}-{place + 1:02d}-{place + 2:04d}"
            path = store.clip_path(session, attempt).with_suffix(".flac")
            share = 0.3 + 0.7 * nth / (len(DAYS) - 1) - 0.1 * (nth % 3)
            said = _said(answer.file, texts[answer.file.name], share, path, ears)
            moment = began + timedelta(seconds=95 * place)
            _keep(store, scorer, Attempt(attempt, session, question.id, place, moment), question, path, said)
            shown = attempt if answer is answers[0] else shown
        store.finish_session(session, began + timedelta(minutes=6))
    store.close()
    return shown


def _said(source: Path, text: str, share: float, path: Path, ears: Ears) -> Transcript:
    """Write so much of an answer to a file, to the end of a sentence, and return what is said in it."""
    samples = read_sound(source, rate_hz=MODEL_RATE_HZ)
    speech = ears(samples)["loudness"]
    sentences = re.findall(r"[^.…]*[.…]+", text)
    kept = "".join(sentences[: max(1, round(share * len(sentences)))]).strip()
    spoken_s = sum(s.end_s - s.start_s for s in speech) * len(kept) / len(text)
    spans: list[Span] = []
    for span in speech:
        left_s = spoken_s - sum(s.end_s - s.start_s for s in spans)
        if left_s > 0.1:
            spans.append(Span(span.start_s, min(span.end_s, span.start_s + left_s)))
    samples = np.append(samples[: round(spans[-1].end_s * MODEL_RATE_HZ)], np.zeros(MODEL_RATE_HZ // 2, np.float32))
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, MODEL_RATE_HZ)
    words = tuple(_laid(kept.split(), spans))
    return Transcript(kept, words, tuple(spans), "whisper", "base.en", False, by_energy=True)


def _laid(words: Sequence[str], spans: Sequence[Span]) -> Iterator[Word]:
    """Yield the words one after the other, each as long as its letters, where somebody speaks."""
    ends = np.cumsum([s.end_s - s.start_s for s in spans])
    letters = np.cumsum([0, *(len(w) + 1 for w in words)])
    for word, first, last in zip(words, letters[:-1], letters[1:], strict=True):
        start, end = (float(at) * float(ends[-1]) / float(letters[-1]) for at in (first, last))
        which = int(np.searchsorted(ends, (start + end) / 2))
        offset = spans[which].end_s - float(ends[which])
        yield Word(word, max(spans[which].start_s, start + offset), min(spans[which].end_s, end + offset), 0.95)


def _keep(store, scorer, attempt: Attempt, question: Question, path: Path, said: Transcript) -> None:  # type: ignore[no-untyped-def]
    info = soundfile.info(path)
    clip = Clip(path, info.samplerate, info.frames)
    store.add_attempt(replace(attempt, clip=clip, asked=question.question, topic=question.topic))
    store.add_transcript(attempt.id, said)
    store.add_score(attempt.id, scorer.score(question, said.text), measure(said, clip.seconds))


def shoot(data: Path, out: Path, attempt_id: str) -> None:
    """Write review.png, history.png and trends.png."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qt = application(["interviewer"])
    app.ModelProcess = partial(ModelProcess, main=stand_in.main)  # type: ignore[misc, assignment]
    running = app.compose(
        data, Candidate(itertools.repeat(Path("nowhere.wav"))).devices, bank=bank_of(recorded_answers())
    )
    window = running.window
    window.resize(1280, 800)
    window.show()
    running.start()
    for name, go in (
        ("history", lambda: window.go_to(Place.HISTORY)),
        ("trends", lambda: window.go_to(Place.TRENDS)),
        ("review", lambda: window.open_review(attempt_id)),
    ):
        go()
        loop = QEventLoop()
        QTimer.singleShot(SETTLE_MS, loop.quit)
        loop.exec()
        assert window.grab().save(str(out / f"{name}.png"))
    window.close()
    running.close()
    del qt


def _never(error: Exception) -> None:
    raise error


def main() -> int:
    """Make the answers, show them, write the pictures."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        data = Path(folder) / "data"
        shoot(data, out, make(data))
    return 0


if __name__ == "__main__":
    sys.exit(main())
