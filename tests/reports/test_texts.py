"""Tables, text and subtitles say what was said and mean nothing else, whoever reads them."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from interviewer.core.models import Session, Span, Transcript, Word
from interviewer.reports import subtitles
from interviewer.reports.forms import Form
from interviewer.reports.plain import escaped, markdown
from interviewer.reports.subtitles import LINE_CHARACTERS, LINES, LONGEST_S, parts, srt, vtt
from interviewer.reports.table import table
from interviewer.reports.writing import write
from tests.needs import needs
from tests.reports.sessions import LONG, NOTE, RIGHT_TO_LEFT, nobody

ffmpeg = needs(shutil.which("ffmpeg"), "ffmpeg")


# --- table ----------------------------------------------------------------------------------------


def rows(session: Session) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(table([session], nobody), newline=""))]


def test_a_table_has_a_line_for_each_answer(whole: Session) -> None:
    first, second, third = rows(whole)
    assert (first["score"], first["covered"], first["pauses"], first["starred"]) == ("52.5", "1", "1", "True")
    assert (second["score"], second["engine"], second["seconds"]) == ("", "typed", "")
    assert (third["text"], third["seconds"]) == ("", "2.0")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_no_text_is_a_formula(whole: Session, text: str) -> None:
    told = replace(whole.attempts[1], transcript=Transcript(text), note=text, follow_up=text, topic=text)
    (row,) = rows(replace(whole, bank_title=text, attempts=(told,)))
    assert {row[name] for name in ("text", "note", "question", "topic", "bank")} == {f"'{text}"}


@needs(find_spec("pandas"), "pandas")
def test_pandas_reads_the_table(whole: Session, tmp_path: Path) -> None:
    import pandas

    read = pandas.read_csv(write(whole, nobody, Form.CSV, tmp_path / "s.csv").path)
    assert read["score"].tolist()[0] == 52.5
    assert read["note"].tolist()[0] == f"'{NOTE}"
    assert read["text"].tolist()[1] == f"{RIGHT_TO_LEFT} {LONG} done"
    assert read.columns[0] == "session"  # the mark at the beginning is no part of a name


# --- Markdown -------------------------------------------------------------------------------------


def shown(text: str) -> str:
    """What a reader of CommonMark sees, without its marks."""
    html = MarkdownIt("commonmark").render(text)
    plain = re.sub(r"<[^>]*>", "", html)
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=30))
@settings(max_examples=100, deadline=None)
def test_every_sign_of_a_text_stands_for_itself(text: str) -> None:
    seen = shown(escaped(text))
    assert seen.split() == text.split()


@pytest.mark.parametrize(
    "text", ["# a", "- a", "1. a", "2) a", "> a", "*a*", "_a_", "`a`", "<b>a</b>", "[a](b)", "![a](b)", "***", "a\n===",
             "a\n---", "&copy;", "\\*", "| a | b |", "~~~", "    code", "http://a.b/_c_"],
)  # fmt: skip
def test_nothing_in_a_text_is_a_mark(text: str) -> None:
    html = MarkdownIt("commonmark").render(escaped(text))
    assert set(re.findall(r"</?[^>]*>", html)) <= {"<p>", "</p>", "<br />"}
    assert shown(escaped(text)).split() == text.split()


def test_the_text_has_every_answer_with_its_note(whole: Session) -> None:
    tokens = MarkdownIt("commonmark").parse(markdown(whole, nobody))
    heads = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open" and t.tag == "h2"]
    assert [head.partition(".")[0] for head in heads] == ["1", "2", "3"]
    assert NOTE.split() == shown(markdown(whole, nobody)).partition("★ marked")[2].split()[: len(NOTE.split())]


# --- subtitles ------------------------------------------------------------------------------------


def test_answers_follow_each_other_on_one_clock(whole: Session) -> None:
    twice = replace(whole, attempts=(whole.attempts[0], whole.attempts[1], replace(whole.attempts[0], id="again")))
    first, second = parts(twice, nobody)
    assert (first.start_s, second.start_s) == (0.0, 6.0)
    assert second.cues[0].start_s == pytest.approx(6.5)
    assert " ".join(" ".join(c.lines) for c in first.cues).split() == twice.attempts[0].transcript.text.split()


def test_a_long_silence_and_the_end_of_a_sentence_begin_another_subtitle(whole: Session) -> None:
    (first, *_) = parts(whole, nobody)
    assert [c.lines for c in first.cues] == [
        ("So um it declares <b>shape</b> & checks", "it."),
        ("It runs at start.",),
    ]


def spoken(whole: Session, transcript: Transcript) -> Session:
    return replace(whole, attempts=(replace(whole.attempts[0], transcript=transcript),))


def test_a_word_that_the_recogniser_cut_in_two_is_one_word(whole: Session) -> None:
    cut = ("It", "is", "real", "-time", "in", "Node", ".js.")
    heard = tuple(Word(text, i * 0.5, i * 0.5 + 0.4, 0.9) for i, text in enumerate(cut))
    (part,) = parts(spoken(whole, Transcript("It is real-time in Node.js.", heard, engine="whisper")), nobody)
    (cue,) = part.cues
    assert (cue.lines, cue.start_s, cue.end_s) == (("It is real-time in Node.js.",), 0.0, 3.4)


wild = st.floats(-5, 20)
texts = st.text(st.characters(codec="ascii", categories=("L", "P", "S")), min_size=1, max_size=12)


@given(st.lists(st.builds(Word, texts, wild, wild, st.just(0.9)), min_size=1, max_size=40))
@settings(max_examples=50, deadline=None)
def test_whatever_times_words_have_subtitles_are_in_order_and_short(words: list[Word]) -> None:
    text = " ".join(w.text for w in words)
    cues = subtitles._cues(Transcript(text, tuple(words)), 12.0)
    assert [w for c in cues for line in c.lines for w in line.split()] == (
        text.split() if any(map(str.isalnum, text)) else []
    )
    for cue in cues:
        assert 0 <= cue.start_s < cue.end_s
        assert len(cue.lines) <= LINES
        assert max(map(len, cue.lines)) <= LINE_CHARACTERS
        if len([word for line in cue.lines for word in line.split()]) > 1:
            assert cue.end_s - cue.start_s <= LONGEST_S
    starts = [c.start_s for c in cues]
    assert starts == sorted(starts)


def test_a_text_without_times_stands_while_there_is_talk(whole: Session) -> None:
    corrected = Transcript("It was put right.", speech=(Span(1.0, 2.0), Span(3.0, 5.0)), engine="corrected")
    (part,) = parts(spoken(whole, corrected), nobody)
    assert [(c.start_s, c.end_s, c.lines) for c in part.cues] == [(1.0, 5.0, ("It was put right.",))]


@ffmpeg
@pytest.mark.parametrize("form", [Form.SRT, Form.VTT])
def test_ffmpeg_reads_every_subtitle(whole: Session, tmp_path: Path, form: Form) -> None:
    made = write(whole, nobody, form, tmp_path / f"s.{form.value}").path
    shown = as_shown(made)
    assert "<b>shape</b> & checks" in shown
    assert shown.count("Dialogue: ") == 2
    assert "Dialogue: 0,0:00:04.50," in shown


def as_shown(subtitles: Path) -> str:
    """What a player shows, where what it takes for a command is "{\\b1}" and the like; without what takes no room."""
    command = ["ffmpeg", "-v", "error", "-i", str(subtitles), "-f", "ass", "-"]
    read = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert read.stderr == ""
    assert "{\\" not in read.stdout
    return read.stdout.replace("\u2060", "")


@ffmpeg
def test_a_player_shows_what_looks_like_its_commands(whole: Session, tmp_path: Path) -> None:
    said = "<b>a</b> List<String> < i > {\\an8}x {Y:b}y &lt; <font color=red> <br/>"
    asked = spoken(whole, Transcript(said, (), (Span(0.0, 2.0),), "corrected"))
    assert said in as_shown(write(asked, nobody, Form.SRT, tmp_path / "s.srt").path).replace("\\N", " ")


def test_no_word_is_taken_for_a_time_or_a_command(whole: Session) -> None:
    said = Transcript("a --> b {\\an8} <i>", (), (Span(0.0, 2.0),), "corrected")
    found = parts(spoken(whole, said), nobody)
    assert srt(found).count("-->") == 1
    assert srt(found).splitlines()[-1] == "a → b {\u2060\\\u2060an8} <\u2060i>"
    assert vtt(found).splitlines()[-1] == "a --&gt; b {\\an8} &lt;i&gt;"
