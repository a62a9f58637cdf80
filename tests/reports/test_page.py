"""The page is one file that runs nothing of anybody else's; in a real browser every word can be heard."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from interviewer.core.models import Clip, Session
from interviewer.reports.page import page
from interviewer.reports.sound import as_mp3, mp3_rate
from tests.needs import needs
from tests.reports.chromium import CHROMIUM, Browser, browser
from tests.reports.sessions import LONG, NOTE, RATE_HZ, RIGHT_TO_LEFT, nobody, recording

real = needs(CHROMIUM, "Chromium")


def between(text: str, tag: str) -> str:
    return text.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]


def test_nothing_that_was_said_is_markup(whole: Session) -> None:
    text, _ = page(whole, nobody, audio=False)
    assert NOTE in [html.unescape(found) for found in re.findall(r"<p[^>]*>([^<]*)</p>", text)]
    assert "<b>" not in text
    assert text.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_only_our_own_script_and_style_may_run(whole: Session) -> None:
    text, _ = page(whole, nobody, audio=False)
    policy = html.unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', text)[0])
    hashes = [
        base64.b64encode(hashlib.sha256(between(text, t).encode()).digest()).decode() for t in ("style", "script")
    ]
    assert [f"'sha256-{one}'" in policy for one in hashes] == [True, True]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert not re.search(r'style="|onclick|javascript:|https?://(?!example\.org)', text)


def test_recordings_are_inside_only_where_they_are_wanted(whole: Session) -> None:
    without, with_sound = (page(whole, nobody, audio=wanted)[0] for wanted in (False, True))
    assert (without.count("<audio"), without.count("data-from")) == (0, without.count("data-from"))
    assert with_sound.count("data:audio/mpeg;base64,") == 2
    assert len(re.findall(r'<i data-from="0.500"', with_sound)) == 1


def test_a_recording_that_cannot_be_read_is_named(whole: Session) -> None:
    clip = whole.attempts[0].clip
    assert clip is not None
    clip.path.write_bytes(b"RIFF")
    text, missing = page(whole, nobody, audio=True)
    assert (missing, text.count("<audio")) == (("s1-01-0002.wav",), 1)


def test_the_sound_inside_is_small_and_its_seconds_are_the_same(tmp_path: Path) -> None:
    for rate_hz in (8_000, 16_000, 44_100, 48_000):
        clip = recording(tmp_path / f"{rate_hz}.wav", 6.0, rate_hz)
        made = as_mp3(clip.path)
        assert made is not None
        assert len(made) < 6 * 12_000
        (tmp_path / "x.mp3").write_bytes(made)
        samples, heard_hz = soundfile.read(tmp_path / "x.mp3")
        assert heard_hz == mp3_rate(rate_hz)
        begins = np.flatnonzero(np.abs(samples) > 0.1)[0] / heard_hz
        assert begins == pytest.approx(0.5, abs=0.01)


def test_a_session_without_answers_is_a_page(whole: Session) -> None:
    assert "No answer was given" in page(replace(whole, attempts=()), nobody, audio=True)[0]


# --- in Chromium ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture
def file(whole: Session, tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text(page(whole, nobody, audio=True)[0], encoding="utf-8")
    return path


PLAY = """new Promise((heard, failed) => {
  const audio = document.querySelector("audio");
  audio.onplaying = () => { const at = audio.currentTime; audio.pause(); heard(at); };
  audio.onerror = () => failed(audio.error.message);
  (%s);
})"""


@real
def test_a_browser_has_nothing_against_it_and_asks_nobody(chromium: Browser, file: Path) -> None:
    chromium.open(file)
    assert chromium.complaints() == []
    assert set(chromium.asked_for()) <= {"file", "data"}
    assert chromium.run("fetch('https://example.org').then(() => 'out', () => 'kept in')") == "kept in"


@real
def test_a_click_on_a_word_plays_from_it(chromium: Browser, file: Path) -> None:
    chromium.open(file)
    word = "[...document.querySelectorAll('.said [data-from]')].find((word) => word.textContent === 'start.')"
    assert chromium.run(PLAY % f"{word}.click()") == pytest.approx(5.2, abs=0.05)


@real
def test_a_point_plays_what_was_said_about_it_and_stops(chromium: Browser, file: Path) -> None:
    chromium.open(file)
    heard = chromium.run("""new Promise((done) => {
      const audio = document.querySelector("audio");
      let began = null;
      audio.onplaying = () => { began ??= audio.currentTime; };
      audio.onpause = () => done([began, audio.currentTime]);
      document.querySelector("button[data-from]").click();
    })""")
    assert heard == [pytest.approx(0.9, abs=0.05), pytest.approx(1.8, abs=0.15)]


@real
def test_the_arrow_keys_and_enter_play_a_word(chromium: Browser, file: Path) -> None:
    chromium.open(file)
    chromium.run("document.querySelector('.said').focus()")
    press = "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: '%s', bubbles: true}))"
    for _ in range(3):
        chromium.run(press % "ArrowRight")
    assert chromium.run("document.activeElement.textContent") == "it"
    assert chromium.run(PLAY % (press % "Enter")) == pytest.approx(0.9, abs=0.05)


@real
@pytest.mark.parametrize("width", [360, 1100])
def test_nothing_stands_out_of_a_phone_or_a_screen(chromium: Browser, file: Path, width: int) -> None:
    chromium.open(file, width=width)
    assert chromium.run("document.documentElement.scrollWidth") <= width
    assert chromium.run(f"document.body.textContent.includes('{LONG}')")


SHOWN_TEXT = """[...document.querySelectorAll("body *")].filter((one) =>
    [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    && one.checkVisibility() && one.tagName !== "SCRIPT"
  ).map((one) => {
    const behind = [];
    for (let at = one; at; at = at.parentElement) behind.push(getComputedStyle(at).backgroundColor);
    const what = `${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 20)}`;
    return [what, getComputedStyle(one).color, behind];
  })"""
"""Every element with text of its own: what it is, its colour, and the backgrounds from its own outwards."""


@real
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_text_is_readable_on_what_is_behind_it(chromium: Browser, file: Path, dark: bool) -> None:
    chromium.open(file, dark=dark)
    # The word that is heard right now looks different, too, and so does a long pause.
    chromium.run("document.querySelector('.said [data-from]').classList.add('now')")
    chromium.run("{const rest = document.querySelector('.said .pause'); const long = rest.cloneNode(true);"
                 " long.className = 'long'; rest.after(long)}")  # fmt: skip
    shown = chromium.run(SHOWN_TEXT)
    classes = {name for what, *_ in shown for name in what.split()}
    assert classes >= {
        "now",
        "e-good",
        "e-warn",
        "e-bad",
        "pause",
        "long",
        "filler",
        "muted",
        "state",
        "figure",
        "BUTTON",
    }
    faint = [(what, round(_contrast(colour, behind), 2)) for what, colour, behind in shown]
    assert [one for one in faint if one[1] < 4.5] == []


@real
def test_a_dark_screen_has_a_dark_page(chromium: Browser, file: Path) -> None:
    found = []
    for dark in (False, True):
        chromium.open(file, dark=dark)
        found.append(_luminance(_parts(chromium.run("getComputedStyle(document.body).backgroundColor"))))
    assert found[0] > 0.5 > found[1]


@real
def test_right_to_left_text_reads_from_the_right(chromium: Browser, file: Path) -> None:
    chromium.open(file)
    text = f"[...document.querySelectorAll('.said')].find((p) => p.textContent.includes('{RIGHT_TO_LEFT.split()[0]}'))"
    assert chromium.run(f"getComputedStyle({text}).direction") == "rtl"


@real
def test_on_paper_there_is_no_player(chromium: Browser, file: Path) -> None:
    chromium.open(file)
    assert chromium.paper().startswith(b"%PDF")
    chromium.ask("Emulation.setEmulatedMedia", media="print")
    assert chromium.run("getComputedStyle(document.querySelector('audio')).display") == "none"
    assert chromium.picture().startswith(b"\x89PNG")
    chromium.ask("Emulation.setEmulatedMedia", media="")


def _contrast(colour: str, behind: list[str]) -> float:
    """Return the contrast (WCAG 2.2) of a colour on backgrounds that lie one on the other, the uppermost first."""
    ground = (1.0, 1.0, 1.0, 1.0)
    for layer in map(_parts, reversed(behind)):
        ground = _over(layer, ground)
    first, second = _luminance(_over(_parts(colour), ground)), _luminance(ground)
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)


Colour = tuple[float, ...]
"""Red, green, blue and how far it covers, each 0 to 1."""


def _parts(colour: str) -> Colour:
    """Return the colour of "rgb(1, 2, 3)" or "rgba(1, 2, 3, 0.5)"."""
    red, green, blue, *rest = map(float, re.findall(r"[\d.]+", colour))
    return red / 255, green / 255, blue / 255, rest[0] if rest else 1.0


def _over(upper: Colour, lower: Colour) -> Colour:
    return (*(upper[3] * one + (1 - upper[3]) * other for one, other in zip(upper[:3], lower[:3], strict=True)), 1.0)


def _luminance(colour: Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_clips_named_like_something_else_are_not_read(whole: Session, tmp_path: Path) -> None:
    (tmp_path / "secret.db").write_bytes(b"secret")
    first = replace(whole.attempts[0], clip=Clip(tmp_path / "secret.db", RATE_HZ, 100))
    text, missing = page(replace(whole, attempts=(first,)), nobody, audio=True)
    assert (missing, "<audio" in text) == (("secret.db",), False)
