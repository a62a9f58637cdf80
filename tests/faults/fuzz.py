"""Fuzz one of our parsers with atheris: `python tests/faults/fuzz.py TARGET --minutes M [--json] [--corpus DIR]`.

TARGET is a name of `targets.MAKE`, or "all", one after the other. Coverage leads the mutations; each
input may take a second and the process 500 MB. Every finding is run once more in a process of its
own, on the processor's clock (a busy computer is no finding), and kept as
tests/faults/corpus/TARGET/found-<hash>, which the test suite replays from then on. Exit code 1 when
something was found.

atheris is not among the project's packages, because it has no wheel for every Python and system that
the project runs on: `pip install atheris` where this is run.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.faults.json_mutator import mutated  # noqa: E402
from tests.faults.replay import problem_of  # noqa: E402
from tests.faults.targets import CORPUS, MAKE, MOST_MB, made  # noqa: E402

SHM = Path("/dev/shm")
_STATUS = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+)")


@dataclass(slots=True)
class Report:
    """What came of fuzzing one target."""

    target: str
    minutes: float = 0.0
    executions: int = 0
    coverage_first: int = 0
    coverage_last: int = 0
    findings: list[str] = field(default_factory=list)
    unconfirmed: int = 0
    """Inputs that were stopped, but passed when they were run alone."""


def main() -> int:
    """Fuzz and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=(*MAKE, "all"))
    parser.add_argument("--minutes", type=float, default=1.0, help="of real time, a target")
    parser.add_argument("--corpus", type=Path, help="folder that grows from run to run; a passing one by default")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    chosen, rest = parser.parse_known_args()
    if chosen.inside:
        _inside(chosen.target, Path(chosen.inside), rest)
        return 0
    names = tuple(MAKE) if chosen.target == "all" else (chosen.target,)
    reports = [_fuzz(name, chosen.minutes, chosen.corpus) for name in names]
    if chosen.json:
        print(json.dumps({"targets": [asdict(r) for r in reports], "findings": sum(len(r.findings) for r in reports)}))
    else:
        for report in reports:
            print(report)
    return 1 if any(report.findings for report in reports) else 0


def _fuzz(name: str, minutes: float, kept: Path | None) -> Report:
    report = Report(name)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fuzz-", dir=SHM if SHM.is_dir() else None) as folder:
        work = Path(folder)
        corpus = kept / name if kept else work / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        _seed(name, corpus, work / "words")
        while (left_s := began + 60 * minutes - time.monotonic()) > 1:
            _run_once(report, work, corpus, round(left_s))
            for finding in sorted((work / "found").iterdir()):
                _judge(report, finding)
    report.minutes = round((time.monotonic() - began) / 60, 2)
    return report


def _seed(name: str, corpus: Path, words: Path) -> None:
    target = made(name)
    words.write_text("".join('"' + w.replace('"', '\\"') + '"\n' for w in target.words), encoding="ascii")
    for number, data in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(data)
    for path in (CORPUS / name).glob("*"):
        (corpus / path.name).write_bytes(path.read_bytes())


def _run_once(report: Report, work: Path, corpus: Path, left_s: int) -> None:
    """Let libFuzzer run until its time is over or something is found."""
    found, files = work / "found", work / "files"
    for path in (found, files):
        path.mkdir(exist_ok=True)
    command = [sys.executable, __file__, report.target, "--inside", str(files), str(corpus)]
    command += [
        f"-max_total_time={left_s}",
        f"-timeout={made(report.target).most_s:.0f}",
        f"-rss_limit_mb={MOST_MB}",
        f"-dict={work / 'words'}",
    ]
    command += [f"-artifact_prefix={found}/", f"-max_len={made(report.target).most_bytes}", "-print_final_stats=1"]
    done = subprocess.run(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, errors="replace")
    status = [tuple(map(int, m.groups())) for m in _STATUS.finditer(done.stderr)]
    total = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
    if not status and not total:
        sys.exit(f"The fuzzer did not start:\n{done.stderr[-2000:]}")
    report.executions += int(total[1]) if total else status[-1][0]
    if status:
        report.coverage_first = report.coverage_first or status[0][1]
        report.coverage_last = max(report.coverage_last, *(s[1] for s in status))
    sys.stderr.write(f"{report.target}: {report.executions} executions, coverage {report.coverage_last}\n")


def _judge(report: Report, finding: Path) -> None:
    """Run what was found alone; keep it when it is a finding there too."""
    data = finding.read_bytes()
    finding.unlink()
    problem = problem_of(report.target, data)
    if problem is None:
        report.unconfirmed += 1
        return
    folder = CORPUS / report.target
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"found-{finding.name[-12:]}"
    kept.write_bytes(data)
    report.findings.append(f"{kept.name}: {problem}")
    sys.stderr.write(f"{report.target}: {kept.name}: {problem}\n")


def _inside(name: str, files: Path, arguments: list[str]) -> None:
    """Run libFuzzer in this process; it does not come back."""
    try:
        import atheris
    except ImportError:
        sys.exit("atheris is missing: pip install atheris")
    with atheris.instrument_imports(include=["interviewer", "json", "alembic.config", "zipfile"]):
        target = made(name)

    def one_input(data: bytes) -> None:
        try:
            target.run(data, files)
        finally:
            for path in files.iterdir():
                path.unlink() if path.is_file() else shutil.rmtree(path)

    atheris.Setup([sys.argv[0], *arguments], one_input, custom_mutator=mutated if target.is_json else None)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
