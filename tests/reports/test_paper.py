"""On paper every word stands once, whatever it is made of."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from interviewer.core.models import Session, Transcript
from interviewer.reports.paper import pdf, way
from tests.needs import needs
from tests.reports.sessions import keep, nobody

pytestmark = [
    needs(shutil.which("pdftotext"), "pdftotext (poppler-utils)"),
    pytest.mark.usefixtures("qapp"),
]


def read(folder: Path, data: bytes) -> str:
    (folder / "x.pdf").write_bytes(data)
    command = ["pdftotext", str(folder / "x.pdf"), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_what_was_said_is_on_paper_and_no_markup(whole: Session, tmp_path: Path) -> None:
    text = " ".join(read(tmp_path, pdf(whole, nobody)).split())
    for words in ("FastAPI & more", "What does <Model> do?", "55 of 100", "Said A model declares shape", "Pace"):
        assert words in text
    assert "<script>alert(1)</script>" in text
    assert "◐" not in text  # signs that a font may lack are not needed: the state stands there in words


@pytest.mark.parametrize("count", [230, 414, 690])
def test_every_word_stands_once_also_where_a_page_ends(whole: Session, tmp_path: Path, count: int) -> None:
    words = [f"w{number:04d}" for number in range(count)]
    told = replace(whole.attempts[1], transcript=Transcript(" ".join(words)), score=None)
    text = read(tmp_path, pdf(replace(whole, attempts=(told, told)), nobody))
    assert [word for word in text.split() if word[0] == "w" and word[1:].isdigit()] == 2 * words


def test_pages_are_numbered(whole: Session, tmp_path: Path) -> None:
    pages = read(tmp_path, pdf(replace(whole, attempts=whole.attempts * 3), nobody)).split("\f")[:-1]
    feet = ["".join(page.split())[-3:] for page in pages]
    assert feet == [f"{number}/{len(pages)}" for number in range(1, len(pages) + 1)]


def test_nothing_is_read_from_the_disk_for_a_text(whole: Session, tmp_path: Path) -> None:
    told = replace(whole.attempts[1], follow_up=f'<img src="{tmp_path / "x.png"}">')
    assert "<img" in read(tmp_path, pdf(replace(whole, attempts=(told,)), nobody))


@pytest.mark.parametrize(("text", "expected"), [("abc", "ltr"), ("123 שלום", "rtl"), ("النموذج", "rtl"), ("12", "ltr")])
def test_a_text_is_read_the_way_of_its_first_letter(text: str, expected: str) -> None:
    assert way(text) == expected


def test_a_terminal_without_a_screen_writes_paper(tmp_path: Path) -> None:
    keep(tmp_path / "data")
    surroundings = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    arguments = ("sessions", "export", "s1", "--format", "pdf", "--out", str(tmp_path / "s.pdf"))
    command = [sys.executable, "-m", "interviewer", "--data-dir", str(tmp_path / "data"), *arguments]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert "What does <Model> do?" in read(tmp_path, (tmp_path / "s.pdf").read_bytes())
