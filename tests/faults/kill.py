"""Kill the program at random moments and look what is left: `python tests/faults/kill.py --times 200 --json`.

A child holds interviews in the composed application, on virtual devices, with the real flow, conductor,
store, recordings and recovery, and is killed with SIGKILL together with everything it started. The
kills are spread over recording, saving, transcribing, scoring and migrating a database of the first
version; some five of them follow one another on the same data. Beside the data the candidate keeps a
journal of every block of sound that it delivered and of everything that the store said it had kept.
After each kill the store is opened as the next start opens it, and compared with the journal, sample
by sample.

What "older than 1 s" means: the candidate talks faster than real time (by the factor --speed), so one
second of the recording is 1 / speed seconds of the clock. A block is owed when it was delivered one
second of the recording, in that sense, before the kill: the promise is made harder by that, not easier,
for the program has a quarter of a second instead of one, and queue and disk are as slow as ever.
SIGKILL takes the process, not what it gave to the operating system; what a power cut takes is the
matter of test_power_cut.py.

The harness imports everything once and forks the children, before there is a thread; the product
itself never forks. Most children use a stand-in for the model process, --models of them the real one.
Exit code 1 when anything was lost or doubled, or a start failed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STAGES = {"recording": 0.6, "saving": 0.05, "transcribing": 0.12, "scoring": 0.12, "migrating": 0.15}
"""Where to kill, and how long, in seconds, after such a stage has begun at the most."""
OLD_ANSWERS = 1500
CHAIN = 5
"""Kills on the same data folder, one after the other."""
PATIENCE_S = 60.0


@dataclass(slots=True)
class Report:
    """What came of all kills."""

    kills: int = 0
    lost_seconds: float = 0.0
    lost_attempts: int = 0
    doubled: int = 0
    failures: int = 0
    """Starts that failed, checks that a database did not pass, sound that was not what was said."""
    by_stage: dict[str, int] = field(default_factory=dict)
    """The stage that a child was in when it was killed."""
    real_models: int = 0
    seed: int = 0
    seconds_checked: float = 0.0
    attempts_checked: int = 0
    worst_unwritten_s: float = 0.0
    """Of the recording: what was delivered last and was not on disk; up to 1 s is allowed."""
    took_s: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost."""
        return not (self.lost_seconds or self.lost_attempts or self.doubled or self.failures)


def main() -> int:
    """Kill, look and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--models", type=int, help="kills with the real model process; one in twenty by default")
    parser.add_argument("--speed", type=float, default=4.0, help="how many times as fast as real time is spoken")
    parser.add_argument("--seed", type=int, default=None, help="of every chance in it; a new one by default")
    parser.add_argument("--quick", action="store_true", help="10 kills, none with the real models")
    parser.add_argument("--keep", type=Path, help="folder for what is left of the last data, for looking at")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    chosen = parser.parse_args()
    times = 10 if chosen.quick else chosen.times
    real = (0 if chosen.quick else times // 20) if chosen.models is None else chosen.models
    seed = random.SystemRandom().randrange(2**31) if chosen.seed is None else chosen.seed
    report = kill(times, real, chosen.speed, seed, keep=chosen.keep)
    if chosen.json:
        print(json.dumps(asdict(report)))
    else:
        print("\n".join(f"{name}: {value}" for name, value in asdict(report).items()))
    return 0 if report.is_clean else 1


def kill(times: int, real: int, speed: float, seed: int, *, keep: Path | None = None) -> Report:
    """Kill so many children and return what came of it."""
    from tests.faults import kill_check, old_database

    _import_everything()
    report = Report(seed=seed, real_models=real)
    chance = random.Random(seed)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="interviewer-kill-") as folder:
        work = Path(folder)
        old = work / "old"
        in_a_child(lambda: old_database.make(old, OLD_ANSWERS))
        stages = [list(STAGES)[n % len(STAGES)] for n in range(times)]
        # A chain begins with an old database; the other stages come in any order after it.
        stages.sort(key=lambda s: s != "migrating")
        migrating, others = stages[: stages.count("migrating")], stages[stages.count("migrating") :]
        chance.shuffle(others)
        real_ones = set(chance.sample(range(times), min(real, times)))
        data, said = work / "data", work / "said"
        try:
            for number in range(times):
                if number % CHAIN == 0:
                    for path in (data, said):
                        shutil.rmtree(path, ignore_errors=True)
                    shutil.copytree(old, data)
                    said.mkdir()
                    stage = migrating.pop() if migrating else others.pop()
                else:
                    stage = others.pop() if others else migrating.pop()
                one = _One(data, said, stage, speed, chance.randrange(2**31), number in real_ones)
                _kill_one(report, one, chance, kill_check.check)
        finally:
            if keep is not None:
                shutil.copytree(work, keep, dirs_exist_ok=True)
    report.took_s = round(time.monotonic() - began, 1)
    report.lost_seconds = round(report.lost_seconds, 3) or 0
    return report


@dataclass(frozen=True, slots=True)
class _One:
    data: Path
    said: Path
    stage: str
    speed: float
    seed: int
    real: bool


def _kill_one(report: Report, one: _One, chance: random.Random, check: Callable[..., object]) -> None:
    reached = _run_and_kill(one, chance)
    report.kills += 1
    report.by_stage[reached] = report.by_stage.get(reached, 0) + 1
    found = in_a_child(lambda: asdict(check(one.data, one.said, OLD_ANSWERS)))
    problems = [found] if isinstance(found, str) else found["problems"]
    if isinstance(found, str):
        report.failures += 1
    else:
        report.lost_seconds += found["lost_seconds"]
        report.lost_attempts += found["lost_attempts"]
        report.doubled += found["doubled"]
        report.failures += bool(problems)
        report.worst_unwritten_s = max(report.worst_unwritten_s, round(found["unwritten_s"], 3))
        report.seconds_checked = round(report.seconds_checked + found["seconds"], 1)
        report.attempts_checked += found["attempts"]
    report.problems += [f"kill {report.kills} while {reached}, seed {one.seed}: {problem}" for problem in problems]
    sys.stderr.write(f"kill {report.kills} while {reached}: {'; '.join(problems) or 'all there'}\n")


def _run_and_kill(one: _One, chance: random.Random) -> str:
    """Start a child, kill it in or shortly after the wanted stage, and return the stage it was in."""
    from tests.faults.journal import Journal
    from tests.faults.kill_child import Orders, run

    hears, told = os.pipe()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(hears)
        run(Orders(one.data, one.said, one.seed, one.speed, one.real, told))
    os.close(told)
    wanted = 1 if one.stage == "migrating" else chance.randint(1, 4)
    try:
        stage = _wait_for(hears, one.stage, wanted, PATIENCE_S * (3 if one.real else 1))
        # Chosen where a kill comes: nobody knows how long the stage takes this time.
        stage = _latest(hears, chance.uniform(0.0, STAGES[one.stage]), stage)
        killed_at = time.monotonic()
    finally:
        _kill_group(child)
    stage = _latest(hears, 0.0, stage)
    os.close(hears)
    Journal(one.said).note("killed", at=killed_at)
    return stage


def _kill_group(child: int) -> None:
    # The child makes its own group first of all; before that it is alone.
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _wait_for(hears: int, wanted: str, times: int, patience_s: float) -> str:
    """Wait until a stage has begun so many times; return the stage in which it gave up otherwise."""
    seen: Counter[str] = Counter()
    stage = "starting"
    until = time.monotonic() + patience_s
    while seen[wanted] < times and (left_s := until - time.monotonic()) > 0:
        lines = _lines(hears, left_s)
        if lines is None:
            raise SystemExit("A child of the kill test died by itself: see log.txt and crash.txt in --keep")
        for line in lines:
            stage = line
            seen[line] += 1
    return stage


def _latest(hears: int, wait_s: float, stage: str) -> str:
    until = time.monotonic() + wait_s
    while True:
        lines = _lines(hears, max(0.0, until - time.monotonic()))
        if not lines:
            return stage
        stage = lines[-1]


def _lines(hears: int, wait_s: float) -> list[str] | None:
    """Return the stages that were told meanwhile; None once the child is gone."""
    if not select.select([hears], [], [], wait_s)[0]:
        return []
    return os.read(hears, 65536).decode().split() or None


def in_a_child(work: Callable[[], object]) -> object:
    """Run something in a forked child and return what it returned, or what it failed of as a text."""
    hears, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(hears)
        try:
            answer = json.dumps(work())
        except BaseException as exc:
            answer = json.dumps(f"{type(exc).__name__}: {exc}")
        with os.fdopen(told, "w") as file:
            file.write(answer)
        os._exit(0)
    os.close(told)
    with os.fdopen(hears) as file:
        answer = file.read()
    _, status = os.waitpid(child, 0)
    return json.loads(answer) if answer else f"the start died of {status}"


def _import_everything() -> None:
    import alembic.command  # noqa: F401
    import PySide6.QtWidgets  # noqa: F401
    import soundfile  # noqa: F401

    import tests.faults.candidate
    import tests.faults.driver
    import tests.faults.stand_in
    import tests.workers.fakes  # noqa: F401

    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208
    if threads != 1:
        raise SystemExit(f"There are {threads} threads already: nothing may be forked from here")


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # Such libraries start their threads when they are imported.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
