"""An answer is cut into pieces that miss nothing and repeat nothing, whatever the blocks it came in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviewer.core.errors import EngineError
from interviewer.core.models import Span
from interviewer.core.ports import MODEL_RATE_HZ, FloatArray
from interviewer.engines import hear_pocketsphinx, hear_whisper
from interviewer.engines.cutting import FRAME, GRID, OVERLAP_S, Cutter, Piece, Rule
from interviewer.engines.streaming import joined
from tests.engines.blips import BREATHLESS, LOUD, MOODS, LoudDetector, Talk, blocks, cut, loud, quiet, talk, whole_spans

RULES = (hear_whisper.RULE, hear_pocketsphinx.RULE)
WHISPER = hear_whisper.RULE
WINDOW_S = 30.0

seeds = st.integers(0, 2**32 - 1)
moods = st.lists(st.sampled_from(MOODS), min_size=1, max_size=3)
rules = st.sampled_from(RULES)


def pieces_of(rule: Rule, *sounds: FloatArray) -> list[Piece]:
    """Return the pieces of sounds one after the other."""
    return cut(LoudDetector(), rule, np.concatenate(sounds))


def keys(pieces: Sequence[Piece]) -> list[tuple[object, ...]]:
    """Return all there is about pieces, comparable."""
    return [(p.start_s, p.samples.tobytes(), p.speech, p.first_s, p.last_s) for p in pieces]


def sample(seconds: float) -> int:
    return round(seconds * MODEL_RATE_HZ)


def inside(seconds: float, span: Span) -> bool:
    return sample(span.start_s) < sample(seconds) < sample(span.end_s)


# --- any talk, any blocks ----------------------------------------------------------------------


@settings(max_examples=25, deadline=None)
@given(seed=seeds, mood=moods, rule=rules, before_s=st.sampled_from((0.0, 0.3, 5.0)), order=seeds)
def test_cuts_do_not_depend_on_the_blocks(seed: int, mood: list, rule: Rule, before_s: float, order: int) -> None:
    samples = talk(seed, 75.0, *mood, before_s=before_s).samples
    assert keys(cut(LoudDetector(), rule, *blocks(samples, order))) == keys(cut(LoudDetector(), rule, samples))


@settings(max_examples=25, deadline=None)
@given(seed=seeds, mood=moods, rule=rules)
def test_the_speech_of_all_pieces_is_the_speech_of_the_recording(seed: int, mood: list, rule: Rule) -> None:
    samples = talk(seed, 75.0, *mood).samples
    pieces = cut(LoudDetector(), rule, samples)
    assert joined(span for piece in pieces for span in piece.speech) == whole_spans(LoudDetector(), samples)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, mood=moods, rule=rules)
def test_a_piece_is_what_the_recording_holds_there_and_fits_the_window(seed: int, mood: list, rule: Rule) -> None:
    samples = talk(seed, 75.0, *mood).samples
    for piece in cut(LoudDetector(), rule, samples):
        assert np.array_equal(piece.samples, samples[sample(piece.start_s) : sample(piece.end_s)])
        assert len(piece.samples) <= WINDOW_S * MODEL_RATE_HZ
        assert piece.speech
        assert sample(piece.start_s) <= sample(piece.speech[0].start_s)
        assert sample(piece.speech[-1].end_s) <= sample(piece.end_s)


@settings(max_examples=25, deadline=None)
@given(seed=seeds, mood=moods, rule=rules)
def test_every_moment_belongs_to_one_piece_alone(seed: int, mood: list, rule: Rule) -> None:
    samples = talk(seed, 75.0, *mood).samples
    for earlier, later in pairwise(cut(LoudDetector(), rule, samples)):
        if earlier.last_s == float("inf"):
            assert sample(earlier.end_s) <= sample(later.start_s)
        else:
            assert later.first_s == earlier.last_s


@settings(max_examples=25, deadline=None)
@given(seed=seeds, mood=moods, rule=rules)
def test_speech_is_only_cut_where_nobody_paused_for_a_long_while(seed: int, mood: list, rule: Rule) -> None:
    samples = talk(seed, 75.0, *mood).samples
    spans = whole_spans(LoudDetector(), samples)
    for piece in cut(LoudDetector(), rule, samples):
        if piece.last_s == float("inf"):
            assert not any(inside(piece.end_s, span) for span in spans)
        else:
            gaps = [a.end_s for a, b in pairwise(spans) if piece.speech[0].start_s + 5.0 < a.end_s <= piece.last_s]
            assert not gaps


class Hovering(LoudDetector):
    """Hears probabilities that come and go as they like, read by Silero's own rules."""

    def probabilities(self, samples: FloatArray) -> list[float]:
        return [float(p) for p in samples.reshape(-1, FRAME)[:, 0]]

    def spans(self, probabilities: Sequence[float], samples: int) -> list[tuple[int, int]]:
        from interviewer.engines.segment_silero import SileroDetector, _import

        silero = SileroDetector.__new__(SileroDetector)
        silero._silero = _import()
        return silero.spans(probabilities, samples)


def hovering(seed: int, seconds: float) -> FloatArray:
    """Return samples whose frames tell what a detector hears: speech, silence and what is neither, in short turns."""
    rng = np.random.default_rng(seed)
    frames: list[float] = []
    while len(frames) * FRAME < seconds * MODEL_RATE_HZ:
        frames += [rng.choice([0.0, 0.1, 0.4, 0.6, 0.9])] * rng.choice([1, 2, 3, 4, 5, 6, 8, 12, 20])
    return np.repeat(np.array(frames, dtype=np.float32), FRAME)


@pytest.mark.models
@settings(max_examples=15, deadline=None)
@given(seed=seeds, rule=rules)
def test_no_flicker_of_the_detector_moves_an_edge_of_speech(seed: int, rule: Rule) -> None:
    samples = hovering(seed, 75.0)
    pieces = cut(Hovering(), rule, samples)
    assert joined(span for piece in pieces for span in piece.speech) == whole_spans(Hovering(), samples)
    assert all(len(piece.samples) <= WINDOW_S * MODEL_RATE_HZ for piece in pieces)


# --- where it cuts -----------------------------------------------------------------------------


def test_a_long_pause_ends_a_piece() -> None:
    assert len(pieces_of(WHISPER, loud(1), quiet(3), loud(1))) == 2


def test_a_piece_comes_as_soon_as_the_pause_is_long_enough() -> None:
    cutter = Cutter(LoudDetector(), WHISPER)
    assert not list(cutter.feed(np.concatenate([loud(1), quiet(2.4)])))
    assert len(list(cutter.feed(quiet(0.5)))) == 1


def test_short_sentences_with_short_pauses_share_a_window() -> None:
    sentences = [part for _ in range(4) for part in (loud(2), quiet(1.5))]
    (piece,) = pieces_of(WHISPER, *sentences)
    assert len(piece.speech) == 4


def test_a_long_piece_ends_in_a_shorter_pause() -> None:
    first, _ = pieces_of(WHISPER, loud(16), quiet(1.5), loud(1))
    assert 16.0 < first.end_s < 17.5


def test_a_piece_that_got_too_long_ends_in_its_longest_late_pause() -> None:
    parts = loud(10), quiet(0.25), loud(9), quiet(0.5), loud(5), quiet(0.2), loud(7)
    first, second = pieces_of(WHISPER, *parts)
    assert 19.25 < first.end_s <= second.start_s < 19.75


def test_an_early_pause_does_not_waste_a_window() -> None:
    first, _ = pieces_of(WHISPER, loud(2), quiet(0.5), loud(20), quiet(0.25), loud(12))
    assert 22.5 < first.end_s < 22.75


@pytest.mark.parametrize("rule", RULES)
def test_sound_is_kept_around_speech(rule: Rule) -> None:
    (piece,) = pieces_of(rule, quiet(2), loud(1), quiet(2))
    assert rule.pad_s - 0.001 <= 2.0 - piece.start_s < rule.pad_s + 0.1
    # What follows a pause is decided once the pause is long enough, and on whole frames.
    assert min(rule.pad_s, rule.pause_s(1.0) - 0.3) - 0.04 <= piece.end_s - 3.0 < rule.pad_s + 0.1


@pytest.mark.parametrize("pause_s", np.arange(0.2, 0.45, 0.016))
def test_speech_that_just_began_again_is_not_cut(pause_s: float) -> None:
    # Of 25 s there is enough to cut in any pause of 0.3 s, and the next word is too young to be seen.
    samples = np.concatenate([loud(25), quiet(pause_s), loud(2), quiet(1)])
    pieces = cut(LoudDetector(), WHISPER, samples)
    assert joined(span for piece in pieces for span in piece.speech) == whole_spans(LoudDetector(), samples)
    assert all(sample(a.end_s) <= sample(b.start_s) for a, b in pairwise(pieces))


@pytest.mark.parametrize("seed", range(5))
def test_where_nobody_pauses_the_cut_falls_between_two_words(seed: int) -> None:
    spoken = talk(seed, 65.0, BREATHLESS)
    pieces = cut(LoudDetector(), WHISPER, spoken.samples)
    assert len(pieces) == 3
    assert all(abs(spoken.samples[sample(piece.last_s)]) < LOUD / 2 for piece in pieces[:-1])


def test_where_nobody_pauses_both_pieces_hear_beyond_the_cut() -> None:
    first, second = pieces_of(WHISPER, loud(40))
    assert first.end_s - first.last_s == pytest.approx(OVERLAP_S, abs=0.001)
    assert OVERLAP_S <= second.first_s - second.start_s < OVERLAP_S + 0.1


# --- first and last words ----------------------------------------------------------------------


def test_speech_on_the_first_and_the_last_sample_is_kept() -> None:
    (piece,) = pieces_of(WHISPER, loud(1))
    assert (piece.start_s, piece.end_s, piece.speech) == (0.0, 1.0, (Span(0.0, 1.0),))


def test_an_answer_of_a_fifth_of_a_second_is_kept() -> None:
    (piece,) = pieces_of(WHISPER, loud(0.2))
    assert piece.end_s == 0.2


def test_a_word_after_a_long_silence_is_kept_whole() -> None:
    for silence_s in np.arange(20.0, 20.6, 0.04):
        (piece,) = pieces_of(WHISPER, quiet(silence_s), loud(0.3))
        assert piece.start_s <= silence_s - WHISPER.pad_s + 0.001
        assert (piece.samples == LOUD).sum() == sample(0.3)


def test_a_click_is_no_piece() -> None:
    assert not pieces_of(WHISPER, quiet(1), loud(0.02), quiet(1))


def test_nothing_and_silence_are_no_piece() -> None:
    assert pieces_of(WHISPER, quiet(0)) == pieces_of(WHISPER, quiet(5)) == []


# --- what a driver may deliver -------------------------------------------------------------------


def words() -> Talk:
    return talk(3, 12.0, MOODS[0])


def test_what_is_no_number_is_silence_and_what_is_infinite_is_full_scale() -> None:
    samples = loud(1)
    samples[[100, 200, 300]] = np.nan, np.inf, -np.inf
    (piece,) = pieces_of(WHISPER, samples)
    assert piece.samples[[99, 100, 200, 300, 301]].tolist() == [LOUD, 0.0, 1.0, -1.0, LOUD]


def test_what_is_too_loud_is_clipped() -> None:
    (piece,) = pieces_of(WHISPER, loud(1) * 20)
    assert set(piece.samples.tolist()) == {1.0}


@pytest.mark.parametrize("dtype", [np.float16, np.float64])
def test_floats_of_any_size_are_taken(dtype: type) -> None:
    (piece,) = cut(LoudDetector(), WHISPER, loud(1).astype(dtype))
    assert piece.samples.dtype == np.float32
    assert set(piece.samples.tolist()) == {LOUD}


def test_numbers_too_large_for_float32_are_full_scale() -> None:
    (piece,) = cut(LoudDetector(), WHISPER, loud(1).astype(np.float64) * 1e300)
    assert set(piece.samples.tolist()) == {1.0}


def test_samples_as_a_sound_card_gives_them_are_taken() -> None:
    (piece,) = cut(LoudDetector(), WHISPER, (loud(1) * 32768).astype(np.int16))
    assert set(piece.samples.tolist()) == {LOUD}


def test_the_one_who_fed_a_block_may_use_it_again_and_finds_it_as_it_was() -> None:
    cutter = Cutter(LoudDetector(), WHISPER)
    block = loud(1)
    list(cutter.feed(block))
    assert np.array_equal(block, loud(1))
    block.fill(0)
    (piece,) = cutter.finish()
    assert set(piece.samples.tolist()) == {LOUD}


def test_a_piece_stays_as_it_is_while_more_is_fed() -> None:
    cutter = Cutter(LoudDetector(), WHISPER)
    (piece,) = cutter.feed(np.concatenate([loud(1), quiet(3)]))
    list(cutter.feed(loud(30)))
    assert (piece.samples == LOUD).sum() == sample(1)


def test_a_burst_after_nothing_is_cut_like_a_steady_stream() -> None:
    samples = words().samples
    parts = np.array_split(samples, 300)
    burst = [parts[0], samples[:0], samples[:0], np.concatenate(parts[1:200]), *parts[200:]]
    assert keys(cut(LoudDetector(), WHISPER, *burst)) == keys(cut(LoudDetector(), WHISPER, samples))


def test_blocks_of_one_sample_are_cut_like_the_whole() -> None:
    samples = np.concatenate([loud(0.4), quiet(2.4), loud(0.2)])
    assert keys(cut(LoudDetector(), WHISPER, *np.split(samples, len(samples)))) == keys(pieces_of(WHISPER, samples))


# --- beginning again ---------------------------------------------------------------------------


def test_beginning_again_forgets_what_was_fed() -> None:
    cutter = Cutter(LoudDetector(), WHISPER)
    list(cutter.feed(loud(20)))
    cutter.begin()
    assert not list(cutter.feed(quiet(0.1)))
    assert not list(cutter.finish())


def test_the_end_of_one_recording_is_the_beginning_of_the_next() -> None:
    cutter = Cutter(LoudDetector(), WHISPER)
    once = [*cutter.feed(words().samples), *cutter.finish()]
    again = [*cutter.feed(words().samples), *cutter.finish()]
    assert keys(once) == keys(again)


def test_the_detector_forgets_one_recording_before_it_hears_the_next() -> None:
    detector = LoudDetector()
    cutter = Cutter(detector, WHISPER)
    cutter.begin()
    assert detector.resets == 2


class Failing(LoudDetector):
    """Fails once, in the middle."""

    failed = False

    def probabilities(self, samples: FloatArray) -> list[float]:
        if self.frames > 100 and not self.failed:
            self.failed = True
            raise EngineError("The speech detector failed")
        return super().probabilities(samples)


def test_after_a_failure_of_the_detector_it_begins_anew() -> None:
    cutter = Cutter(Failing(), WHISPER)
    with pytest.raises(EngineError):
        list(cutter.feed(loud(10)))
    cutter.begin()
    assert keys([*cutter.feed(words().samples), *cutter.finish()]) == keys(pieces_of(WHISPER, words().samples))


# --- for ever ----------------------------------------------------------------------------------


@pytest.mark.parametrize("minute", [quiet(60), loud(60), words().samples], ids=["silence", "no pause", "words"])
def test_however_long_it_lasts_no_more_than_a_window_is_held(minute: FloatArray) -> None:
    cutter = Cutter(LoudDetector(), WHISPER)
    held = 0
    for _ in range(10 * 60 * MODEL_RATE_HZ // len(minute)):
        for block in np.array_split(minute, 12):
            list(cutter.feed(block))
            held = max(held, len(cutter._open) + sum(map(len, cutter._waiting)), len(cutter._probabilities) * FRAME)
    assert held <= (WINDOW_S + 1) * MODEL_RATE_HZ


def test_the_detector_hears_every_frame_once() -> None:
    detector = LoudDetector()
    list(Cutter(detector, WHISPER).feed(words().samples))
    assert 0 <= len(words().samples) // FRAME - detector.frames < GRID
