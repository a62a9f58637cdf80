"""Meet a fault by hand: run the program and let one thing go wrong.

    python tests/faults/switch.py --disk-full 60M -- interviewer
    python tests/faults/switch.py --eio-after 200 -- interviewer --data-dir /tmp/try
    python tests/faults/switch.py --freeze-sound-after 20 --thaw-after 10 -- interviewer
    python tests/faults/switch.py --kill-models-after 15 -- interviewer
    python tests/faults/switch.py --kill-after 30 -- interviewer demo --out /tmp/demo

What follows -- is the program's own command line. README.md beside this file says what each switch
does and what is to be seen.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Run the program under the chosen faults and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--disk-full", metavar="SIZE", help="keep its data on a disk of this size (60M); needs root")
    parser.add_argument("--full-after", type=int, metavar="N", help="its data folder is full after N writes")
    parser.add_argument("--eio-after", type=int, metavar="N", help="its data folder is on a broken disk after N writes")
    parser.add_argument("--freeze-sound-after", type=float, metavar="S", help="stop its sound server after S seconds")
    parser.add_argument("--kill-sound-after", type=float, metavar="S", help="kill its sound server after S seconds")
    parser.add_argument("--thaw-after", type=float, metavar="S", help="let a frozen sound server go on S seconds later")
    parser.add_argument("--kill-models-after", type=float, metavar="S", help="kill its model process after S seconds")
    parser.add_argument("--kill-after", type=float, metavar="S", help="kill it and all it started after S seconds")
    parser.add_argument("command", nargs="*", help="interviewer and its arguments, after --")
    chosen = parser.parse_args()
    if chosen.command[:1] != ["interviewer"]:
        parser.error("what is to be run begins with: -- interviewer")
    arguments = chosen.command[1:]
    for count, code in ((chosen.eio_after, errno.EIO), (chosen.full_after, errno.ENOSPC)):
        if count is not None:
            return _on_a_failing_disk(arguments, count, code)
    with contextlib.ExitStack() as closing:
        try:
            environment = _surroundings(chosen, closing, parser)
        except (PermissionError, subprocess.CalledProcessError) as exc:
            parser.error(str(exc))
        return _run(arguments, environment, chosen)


def _surroundings(
    chosen: argparse.Namespace, closing: contextlib.ExitStack, parser: argparse.ArgumentParser
) -> dict[str, str]:
    """Return the environment that leads the program to the disk and the sound server that are to fail."""
    environment = dict(os.environ)
    if chosen.disk_full:
        from tests.faults.inject import small_disk

        if "--data-dir" in chosen.command:
            parser.error("--disk-full brings a data folder of its own: leave --data-dir out")
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="interviewer-small-disk-")))
        disk = closing.enter_context(small_disk(folder / "disk", chosen.disk_full.lower()))
        environment["INTERVIEWER_DATA_DIR"] = str(disk / "data")
        _say(f"The data are on a disk of {chosen.disk_full}, {disk}; fill it up with: head -c 10M /dev/zero > {disk}/x")
    if chosen.freeze_sound_after is not None or chosen.kill_sound_after is not None:
        from tests.sound_server import private_server

        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="sound-")))
        environment |= closing.enter_context(private_server(folder))
    return environment


def _on_a_failing_disk(arguments: list[str], after: int, code: int) -> int:
    """Run the program in this process, for only inside of it can its files be made to fail."""
    from interviewer.__main__ import main as interviewer
    from interviewer.core import paths
    from tests.faults.inject import FailingDisk

    folder = paths.data_dir()
    for option, below in (("--data-dir", ""), ("--out", "data")):
        if option in arguments[:-1]:
            folder = Path(arguments[arguments.index(option) + 1]) / below
    disk = FailingDisk(folder, after=after, error=code, database=True)
    disk.install()
    sys.argv = ["interviewer", *arguments]
    try:
        interviewer()
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else 1
    finally:
        _say(f"{disk.calls} writes and fsyncs were asked for, {disk.failed} of them failed")
    return 0


def _run(arguments: list[str], environment: dict[str, str], chosen: argparse.Namespace) -> int:
    program = subprocess.Popen(
        [sys.executable, "-m", "interviewer", *arguments], env=environment, start_new_session=True, cwd=ROOT
    )
    timers = [threading.Timer(after, act) for after, act in _plan(chosen, program.pid, environment)]
    for timer in timers:
        timer.start()
    try:
        return program.wait()
    except KeyboardInterrupt:
        program.send_signal(signal.SIGINT)
        return program.wait()
    finally:
        for timer in timers:
            timer.cancel()


def _plan(
    chosen: argparse.Namespace, program: int, environment: dict[str, str]
) -> Iterator[tuple[float, Callable[[], None]]]:
    """Yield what is to happen, and after how many seconds."""
    server = int(environment.get("SERVER_PID", 0))
    if chosen.freeze_sound_after is not None:
        yield chosen.freeze_sound_after, lambda: _send(server, signal.SIGSTOP, "The sound server stands still")
        # A frozen server would not end when it is told to, either.
        if chosen.thaw_after is not None:
            thaw_s = chosen.freeze_sound_after + chosen.thaw_after
            yield thaw_s, lambda: _send(server, signal.SIGCONT, "The sound server goes on")
    if chosen.kill_sound_after is not None:
        yield chosen.kill_sound_after, lambda: _send(server, signal.SIGKILL, "The sound server is dead")
    if chosen.kill_models_after is not None:
        yield chosen.kill_models_after, lambda: _kill_models(program)
    if chosen.kill_after is not None:
        yield chosen.kill_after, lambda: _kill_all(program)


def _send(process: int, number: signal.Signals, told: str) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)
        _say(told)


def _kill_models(program: int) -> None:
    from tests.faults.inject import children_of

    for child in children_of(program):
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            _send(child, signal.SIGKILL, f"The model process {child} is dead")


def _kill_all(program: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program, signal.SIGKILL)
        _say("The program is dead; start it again and look what is there")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
