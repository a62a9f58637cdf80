"""Stands in for the model process: takes random short times, and its texts and scores can be told apart."""

from __future__ import annotations

import os
import random
import time
from multiprocessing.connection import Connection

from interviewer.core.models import Score, Transcript, Word
from interviewer.workers.messages import Complete, Done, FollowJob, Heard, Load, Quit, Ready, ScoreJob, TranscribeJob

LONGEST_S = 0.25
"""Of one piece of work; the kills come at random moments of it."""


def main(link: Connection) -> None:
    """Work off requests until Quit comes or the window is gone."""
    chance = random.Random(os.getpid())
    try:
        while not isinstance(request := link.recv(), Quit):
            match request:
                case Load():
                    link.send(Ready("whisper stand-in"))
                    link.send(Ready("scorer"))
                case TranscribeJob():
                    _work(chance)
                    link.send(Done(request.job_id, _text(chance, request.path.stem)))
                case FollowJob():
                    _follow(link, request, chance)
                case ScoreJob():
                    _work(chance)
                    link.send(Done(request.job_id, Score(round(chance.uniform(0, 100), 6), "Solid", ())))
    except (EOFError, OSError):
        # The window was killed.
        os._exit(0)


def _follow(link: Connection, job: FollowJob, chance: random.Random) -> None:
    frames = job.frames
    while frames is None:
        request = link.recv()
        if isinstance(request, Quit):
            os._exit(0)
        if isinstance(request, Complete):
            frames = request.frames
    link.send(Heard(job.job_id, "so far"))
    _work(chance)
    link.send(Done(job.job_id, _text(chance, job.path.stem)))


def _text(chance: random.Random, name: str) -> Transcript:
    words = (Word(name, 0.0, 0.4, 0.9), Word(f"{chance.getrandbits(32):x}", 0.5, 0.9, 0.9))
    return Transcript(" ".join(w.text for w in words), words, engine="whisper", model="stand-in")


def _work(chance: random.Random) -> None:
    time.sleep(chance.uniform(0, LONGEST_S))
