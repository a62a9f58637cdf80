"""What was said as subtitles: one answer after the other, on the clock of the recordings joined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from interviewer.core.editing import heard_words
from interviewer.core.models import Attempt, Session, Transcript, Word
from interviewer.core.text import sentences
from interviewer.reports.document import FindQuestion
from interviewer.reports.sheet import asked_words
from interviewer.reports.sound import recording

LINE_CHARACTERS = 42
LINES = 2
LONGEST_S = 7.0
SHORTEST_S = 0.8
"""These four are what broadcasters and streaming services ask of subtitles in Latin script, near enough alike."""
NEW_CUE_PAUSE_S = 0.8
"""After so long a silence a new subtitle begins."""

_COMMAND = re.compile(r"[<{\\]|&(?=\S)")
"""What begins a command of a player: "<b>", "{\\an8}", "{Y:b}", "\\N", "&lt;"."""
_WORD_JOINER = "\u2060"
"""Takes no room and is no letter: players that look for a command behind the sign find none."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: seconds on the clock of the whole, and its lines."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One answer: what was asked, and its subtitles."""

    asked: str
    start_s: float
    cues: tuple[Cue, ...]


def recorded(session: Session) -> tuple[Attempt, ...]:
    """Return the answers whose recordings are on the disk, in the order given: what the clock runs over."""
    return tuple(a for a in session.attempts if recording(a) is not None)


def parts(session: Session, question: FindQuestion) -> tuple[Part, ...]:
    """Return the recorded answers with their subtitles, each beginning where the recording before it ends."""
    found: list[Part] = []
    start_s = 0.0
    for attempt in recorded(session):
        clip = attempt.clip
        if clip is None:
            continue
        cues = _cues(attempt.transcript, clip.seconds) if attempt.transcript else ()
        moved = tuple(Cue(start_s + c.start_s, start_s + c.end_s, c.lines) for c in cues)
        found.append(Part(asked_words(attempt, question(attempt.question_id)), start_s, moved))
        start_s += clip.seconds
    return tuple(found)


def srt(found: Sequence[Part]) -> str:
    """Return subtitles in the form SubRip."""
    cues = (cue for part in found for cue in part.cues)
    blocks = (
        f"{number}\n{_time(cue.start_s, ',')} --> {_time(cue.end_s, ',')}\n{_plain(cue.lines)}\n"
        for number, cue in enumerate(cues, 1)
    )
    return "\n".join(blocks)


def vtt(found: Sequence[Part]) -> str:
    """Return subtitles in the form WebVTT, with what was asked as a note before each answer."""
    blocks = ["WEBVTT\n"]
    for number, part in enumerate(found, 1):
        asked = " ".join(part.asked.split()).replace("-->", "→")
        blocks.append(f"NOTE\nAnswer {number}, from {_time(part.start_s, '.')}: {asked}\n")
        for cue in part.cues:
            text = "\n".join(_escaped(line) for line in cue.lines)
            blocks.append(f"{_time(cue.start_s, '.')} --> {_time(cue.end_s, '.')}\n{text}\n")
    return "\n".join(blocks)


def _cues(transcript: Transcript, seconds: float) -> tuple[Cue, ...]:
    if not transcript.heard:
        return ()
    words = _within([w for w in heard_words(transcript) if w.text.strip()], seconds)
    if not words:
        # Corrected by hand without times: all of it stands while there is talk.
        speech = transcript.speech
        start_s, end_s = (speech[0].start_s, speech[-1].end_s) if speech else (0.0, seconds)
        words = _within([Word(transcript.text, start_s, end_s, 1.0)], seconds)
        return tuple(Cue(w.start_s, w.end_s, _lines(w.text.split())) for w in words)
    runs = [*_runs(words)]
    cues = []
    for place, run in enumerate(runs):
        next_s = runs[place + 1][0].start_s if place + 1 < len(runs) else seconds
        end_s = min(max(run[-1].end_s, run[0].start_s + SHORTEST_S), max(next_s, run[0].start_s + 0.001))
        cues.append(Cue(run[0].start_s, end_s, _lines([w.text.strip() for w in run])))
    return tuple(cues)


def _within(words: Sequence[Word], seconds: float) -> list[Word]:
    """Return words in order of time, inside the clip: a player drops what ends before it begins."""
    found: list[Word] = []
    at_s = 0.0
    for word in words:
        start_s = min(max(word.start_s, at_s), seconds)
        end_s = min(max(word.end_s, start_s + 0.001), max(seconds, start_s + 0.001))
        found.append(Word(word.text, start_s, end_s, word.probability))
        at_s = start_s
    return found


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Cut words into subtitles: at silences and ends of sentences, and where one is full."""
    ends = {segment.stop for segment in sentences([w.text.strip() for w in words])}
    run: list[Word] = []
    for place, word in enumerate(words):
        if run and (_is_full(run, word) or word.start_s - run[-1].end_s >= NEW_CUE_PAUSE_S or place in ends):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _is_full(run: Sequence[Word], word: Word) -> bool:
    texts = [w.text.strip() for w in (*run, word)]
    return word.end_s - run[0].start_s > LONGEST_S or len(_lines(texts)) > LINES


def _lines(words: Sequence[str]) -> tuple[str, ...]:
    lines: list[str] = []
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= LINE_CHARACTERS:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _time(seconds: float, point: str) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{point}{ms % 1000:03d}"


def _plain(lines: Sequence[str]) -> str:
    """Return lines that no player takes for a time or for a command of its own.

    SubRip knows no way to say that a sign stands for itself. What stands between braces mpv still passes over.
    """
    return "\n".join(_COMMAND.sub(rf"\g<0>{_WORD_JOINER}", line.replace("-->", "→")) for line in lines)


def _escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
