"""The report as a table for people: what was measured, the plain cosine's figure, ours, and what is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from benchmarks.scoring_figures import Row

NOT_MET = "✗"
NONE = "–"


@dataclass(frozen=True, slots=True)
class Line:
    """One measure: where it stands in the report, and what is wanted of it."""

    name: str
    now: str
    """Keys of the report with dots between them."""
    cosine: str = ""
    at_least: float | None = None
    at_most: float | None = None
    digits: int = 1

    def met(self, value: float) -> bool:
        """Whether a figure is as wanted; what only rounding would bring there is not."""
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)

    @property
    def wanted(self) -> str:
        """The bound in words; "" where none is set."""
        if self.at_least is not None:
            return f"≥ {self.at_least:.{self.digits}f}"
        return f"≤ {self.at_most:.{self.digits}f}" if self.at_most is not None else ""


def _share(name: str, now: str, cosine: str = "", at_least: float | None = None, at_most: float | None = None) -> Line:
    return Line(name, now, cosine, at_least, at_most, digits=3)


LINES = (
    _share("Mohler: Pearson, raw score", "mohler.pearson", "mohler.cosine.pearson", at_least=0.68),
    _share("Mohler: Pearson, questions held out", "mohler.pearson_cv", "mohler.cosine.pearson_cv", at_least=0.68),
    _share("Mohler: Spearman, raw score", "mohler.spearman", "mohler.cosine.spearman"),
    _share("Mohler: RMSE of 5, questions held out", "mohler.rmse_cv", "mohler.cosine.rmse_cv", at_most=0.80),
    Line("Mohler: full marks, mean", "mohler.full_marks_mean", "mohler.cosine.full_marks_mean"),
    Line("Mohler: half marks, mean", "mohler.half_marks_mean", "mohler.cosine.half_marks_mean"),
    Line("question read back, mean", "read_back.mean", "read_back.cosine.mean", at_most=3),
    Line("question read back, p95", "read_back.p95", "read_back.cosine.p95", at_most=8),
    Line("vague, mean", "vague.mean", "vague.cosine.mean", at_most=15),
    Line('"I don\'t know", mean', "dont_know.mean", "dont_know.cosine.mean", at_most=2),
    Line('"fine", mean', "fine.mean", "fine.cosine.mean", at_most=2),
    Line("empty, mean", "empty.mean", "empty.cosine.mean", at_most=0),
    Line("answer to another question, mean", "other_question.mean", "other_question.cosine.mean", at_most=8),
    Line("suite: full over wrong, mistakes listed", "suite.full_over_wrong_listed", "", at_least=8, digits=0),
    Line("suite: full over wrong", "suite.full_over_wrong", "suite.cosine.full_over_wrong", at_least=7, digits=0),
    Line("suite: wrong, mistakes listed, mean", "suite.wrong_mean_listed", "", at_most=30),
    Line("suite: wrong, mean", "suite.wrong_mean", "suite.cosine.wrong_mean", at_most=40),
    Line("suite: full, mean", "suite.means.full", "suite.cosine.means.full", at_least=78),
    Line("suite: full - partial", "suite.full_minus_partial", "suite.cosine.full_minus_partial", at_least=15),
    Line("suite: vague, mean", "suite.means.vague", "suite.cosine.means.vague"),
    _share("suite: pairs in order", "suite.pairs_in_order", "suite.cosine.pairs_in_order", at_least=1.0),
    _share("suite: pairs in order, mistakes listed", "suite.pairs_in_order_listed", "", at_least=1.0),
    _share("own, held out: pairs in order", "own.held_out.pairs_in_order", "own.held_out.cosine.pairs_in_order", 0.97),
    _share("own, tuned: pairs in order", "own.tuned.pairs_in_order", "own.tuned.cosine.pairs_in_order"),
    Line("own, held out: wrong, mean", "own.held_out.wrong_mean", "own.held_out.cosine.wrong_mean"),
    Line("own, held out: full, mean", "own.held_out.means.full", "own.held_out.cosine.means.full"),
    _share("own, held out: contradictions found", "own.held_out.contradictions.recall"),
    _share("own, held out: false accusations", "own.held_out.contradictions.false_accusations"),
    _share("key points, both sets: precision", "key_points.both.precision", at_least=0.85),
    _share("key points, both sets: recall", "key_points.both.recall", at_least=0.80),
    _share("key points, both sets: precision with wrong", "key_points.both.precision_with_wrong", at_least=0.80),
    _share("key points, suite: precision", "key_points.suite.precision", at_least=0.85),
    _share("key points, suite: recall", "key_points.suite.recall", at_least=0.80),
    _share("key points, suite: precision with wrong", "key_points.suite.precision_with_wrong", at_least=0.80),
    Line("10 % misheard, Mohler: drift", "asr.mohler.misheard.mean", "asr.mohler.cosine.misheard.mean", at_most=5),
    Line("10 % misheard, suite: drift", "asr.suite.misheard.mean", at_most=3),
    Line("fillers, suite: drift", "asr.suite.fillers.mean"),
    Line("no punctuation, suite: drift", "asr.suite.no_punctuation.mean"),
    Line("answer five times, mean gain", "repeat_gain.answer.mean", "repeat_gain.cosine.answer.mean", at_most=1),
    Line("sentence five times, mean gain", "repeat_gain.sentence.mean", "repeat_gain.cosine.sentence.mean", at_most=1),
    Line("200 words against one entry, ms", "speed.answer_ms", at_most=150, digits=0),
    Line("the same without the judge, ms", "speed.answer_without_judge_ms", digits=0),
    Line("batch: times faster than one by one", "speed.times_faster_than_one_by_one", at_least=5),
    Line("batch: times faster than a command each", "speed.times_faster_than_command", at_least=5),
    Line("resident memory, MB", "speed.resident_mb", at_most=900, digits=0),
)


def at(report: Row, keys: str) -> Any:
    """Return what stands in a report under keys with dots between them; None where it was not measured."""
    found: Any = report
    for key in keys.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def as_table(report: Row) -> str:
    """Return the measures as lines with columns; what is not as wanted bears a mark."""
    rows = [("measure", "cosine", "now", "wanted", "")]
    unmet = 0
    for line in LINES:
        value = at(report, line.now)
        missed = value is not None and not line.met(value)
        unmet += missed
        cosine = at(report, line.cosine) if line.cosine else None
        rows.append((line.name, _shown(line, cosine), _shown(line, value), line.wanted, NOT_MET if missed else ""))
    widths = [max(len(row[i]) for row in rows) for i in range(4)]
    told = [
        f"{a:{widths[0]}}  {b:>{widths[1]}}  {c:>{widths[2]}}  {d:>{widths[3]}}  {e}".rstrip() for a, b, c, d, e in rows
    ]
    return "\n".join([*told, "", f"{NOT_MET} not as wanted: {unmet}", _about(report)])


def _shown(line: Line, value: float | None) -> str:
    return NONE if value is None else f"{value:.{line.digits}f}"


def _about(report: Row) -> str:
    made = report.get("calibration", {})
    quick = " (quick: a part of the answers)" if report.get("quick") else ""
    answers = at(report, "mohler.answers")
    return f"{answers} graded answers{quick}; calibration from: {made.get('source', NONE)}"
