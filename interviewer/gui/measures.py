"""What the delivery panel says of each measure: value, band, source, uncertainty, and the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from interviewer.core.delivery import COUNTED_PAUSE_S, Band
from interviewer.core.heard import AsideKind, Edges
from interviewer.core.measures import judged_fillers, judged_length, judged_pace, judged_pauses, pace_words
from interviewer.core.models import Delivery, Span
from interviewer.core.pace import EDGE_OFF_S, WORD_TIME_OFF_S, pace_off_wpm, silence_off_s
from interviewer.core.usual import Quartiles, Usual
from interviewer.gui.clock import clock

ROUND_WORD_S = 0.4
"""Heard on both sides of a word: its times are guesses, and a word alone is hard to place."""
ROUND_PAUSE_S = 1.0
"""Heard on both sides of a pause: what came to a stop, and how it went on."""

LONGEST_CHIP = 28
"""Characters of what was said on a button; its name for screen readers has all of them."""

_BY: dict[Edges, str] = {
    Edges.WORDS: "From the recogniser's word times, for no speech was marked in the sound",
    Edges.VOICE: "From the speech detector",
    Edges.SOUND: "From the speech detector and the loudness of the sound",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something in the recording that can be heard again."""

    text: str
    """What the button says, such as "um 0:12"."""
    name: str
    """The same for a screen reader."""
    span: Span


@dataclass(frozen=True, slots=True)
class Measure:
    """One row: its name, what was measured, where that lies, what is advised, and how it is known."""

    name: str
    value: str
    band: Band | None
    """None where there is too little to tell, or nothing to judge."""
    advice: str
    source: str
    """Where the value comes from, and how far it may be off."""
    usual: str = ""
    """The middle of the user's own last answers; empty where these are too few."""
    moments: tuple[Moment, ...] = ()


def measures(delivery: Delivery, usual: Usual | None = None) -> tuple[Measure, ...]:
    """Return the rows for a delivery: four that are judged, then those that are only told."""
    made = (_pace, _fillers, _pauses, _length, _first_word, _longest_run, _hedges, _ambiguous, _repeats)
    rows = (make(delivery, usual or Usual(0)) for make in made)
    return tuple(row for row in rows if row is not None)


def _pace(delivery: Delivery, usual: Usual) -> Measure:
    pace, off = judged_pace(delivery), pace_off_wpm(delivery)
    return Measure(
        pace.name,
        pace.words if off is None else f"{pace.words}, give or take {max(1.0, off):.0f}",
        pace.band,
        pace.advice,
        "" if off is None else f"Recognised words over the time from first to last sound. {_doubt(delivery)}",
        _usually(usual, usual.pace_wpm, "{:.0f}", "words a minute"),
    )


def _doubt(delivery: Delivery) -> str:
    if not delivery.doubt:
        return "Off by as much as words were missed or made up."
    return f"The recogniser doubts {max(1.0, delivery.doubt * 100):.0f} % of its words."


def _fillers(delivery: Delivery, usual: Usual) -> Measure:
    fillers = judged_fillers(delivery)
    return Measure(
        fillers.name,
        fillers.words,
        fillers.band,
        fillers.advice,
        "Counted in the text. Recognisers leave fillers out: there may have been more, hardly fewer.",
        _usually(usual, usual.fillers_per_min, "{:.0f}", "a minute"),
        _asides(delivery, AsideKind.FILLER),
    )


def _pauses(delivery: Delivery, usual: Usual) -> Measure:
    pauses = judged_pauses(delivery)
    off = silence_off_s(delivery, 1)
    unknown = delivery.edges is Edges.WORDS
    silent = sum(p.seconds for p in delivery.silences)
    short = f" Silences of a quarter of a second and more: {silent:.1f} s in all." if delivery.silences else ""
    return Measure(
        pauses.name,
        pauses.words,
        pauses.band,
        pauses.advice,
        f"{_BY[delivery.edges]}." if unknown else f"{_BY[delivery.edges]}; each may be off by {off:.2f} s.{short}",
        _usually(usual, usual.pauses_per_min, "{:.1f}", "a minute"),
        tuple(
            Moment(
                f"{p.seconds:.1f} s at {clock(p.start_s)}",
                f"Pause of {p.seconds:.1f} seconds at {clock(p.start_s)}",
                Span(max(0.0, p.start_s - ROUND_PAUSE_S), p.end_s + ROUND_PAUSE_S),
            )
            for p in delivery.pauses
        ),
    )


def _length(delivery: Delivery, usual: Usual) -> Measure:
    length = judged_length(delivery)
    without = f", {clock(delivery.speaking_s)} of it without silences" if delivery.silences else ""
    return Measure(
        length.name,
        f"{length.words}{without}",
        length.band,
        length.advice,
        f"{_BY[delivery.edges]}, from first to last sound; each end may be off by {EDGE_OFF_S[delivery.edges]:.2f} s.",
        _usually(usual, usual.talk_s, "{:.0f}", "s"),
    )


def _first_word(delivery: Delivery, usual: Usual) -> Measure:
    off = EDGE_OFF_S[delivery.edges]
    return Measure(
        "Time to first word",
        f"{delivery.first_word_s:.1f} s",
        None,
        "Thinking first is no fault: it is told, not judged.",
        f"{_BY[delivery.edges]}, from the start of the recording; may be off by {off:.2f} s.",
        _usually(usual, usual.first_word_s, "{:.1f}", "s"),
    )


def _longest_run(delivery: Delivery, usual: Usual) -> Measure | None:
    run = delivery.longest_run
    if run is None:
        return None
    seconds = run.end_s - run.start_s
    ends = f"{clock(run.start_s)} to {clock(run.end_s)}"
    return Measure(
        "Longest run",
        f"{seconds:.0f} s without a pause",
        None,
        f"Between two pauses of {COUNTED_PAUSE_S:.1f} s and more.",
        f"{_BY[delivery.edges]}; may be off by {silence_off_s(delivery, 1):.2f} s.",
        _usually(usual, usual.longest_run_s, "{:.0f}", "s"),
        (Moment(ends, f"Longest run, {ends}", run),),
    )


def _hedges(delivery: Delivery, _usual: Usual) -> Measure | None:
    return _counted(
        delivery,
        "Hedges",
        delivery.hedges,
        "“You know”, “basically”, “maybe” and the like; counted apart from fillers, not judged.",
        "Counted in the text, whether they were meant or not.",
        (AsideKind.PHRASE, AsideKind.HEDGE),
    )


def _ambiguous(delivery: Delivery, _usual: Usual) -> Measure | None:
    return _counted(
        delivery,
        "May be fillers",
        delivery.ambiguous,
        "“Like”, “so” and “right” fill or mean something: nobody counts them but you.",
        "Counted in the text, every one of them.",
        (AsideKind.AMBIGUOUS,),
    )


def _repeats(delivery: Delivery, _usual: Usual) -> Measure | None:
    return _counted(
        delivery,
        "Repeated words",
        delivery.repeats,
        "Words said twice on end, such as “the the”; told, not judged.",
        "Counted in the text. Recognisers smooth repetitions out, and now and then make one up.",
        (AsideKind.REPEAT,),
    )


def _counted(
    delivery: Delivery, name: str, count: int, advice: str, source: str, kinds: Sequence[AsideKind]
) -> Measure | None:
    """Return a row that only counts; None where nothing was found."""
    if not count:
        return None
    return Measure(name, str(count), None, advice, source, moments=_asides(delivery, *kinds))


def _asides(delivery: Delivery, *kinds: AsideKind) -> tuple[Moment, ...]:
    return tuple(
        Moment(
            f"{_short(a.text)} {clock(a.start_s)}",
            f"“{a.text}” at {clock(a.start_s)}",
            Span(max(0.0, a.start_s - ROUND_WORD_S), a.end_s + ROUND_WORD_S),
        )
        for a in delivery.asides
        if a.kind in kinds and a.start_s is not None and a.end_s is not None
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_CHIP else f"{text[: LONGEST_CHIP - 1]}…"


def _usually(usual: Usual, found: Quartiles | None, form: str, unit: str) -> str:
    if found is None:
        return ""
    low, middle, high = (form.format(value) for value in (found.low, found.middle, found.high))
    between = f"half of them {low} to {high}" if low != high else f"most of them {low}"
    return f"Your last {usual.answers} answers: {middle} {unit}, {between}."


def point_words(at_s: float, wpm: float, off_wpm: float) -> str:
    """Return what a point of the plot says."""
    return f"{clock(at_s)}: {pace_words(wpm)}, give or take {max(1.0, off_wpm):.0f}"


PLOT_SOURCE = (
    "Pace in the course of the answer: ten seconds around each moment, pauses included. The shade is how far it may be "
    f"off, as word times are by {WORD_TIME_OFF_S:.1f} s and as words are doubted."
)
"""What stands under the plot."""
