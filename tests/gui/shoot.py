"""Renders every screen to PNG files with the fakes.

python tests/gui/shoot.py --out DIR [--dark] [--size WxH] [--scale 1.25] [--case normal|long|rtl|one|empty]

`normal` goes through everything in its course; the other cases through every page and dialog, with other texts
and other amounts on them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "--scale" in sys.argv:
    # Qt reads it before there is anything that could be asked for its arguments.
    os.environ["QT_SCALE_FACTOR"] = sys.argv[sys.argv.index("--scale") + 1]
sys.path.insert(0, str(Path(__file__).parents[2]))


from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from interviewer.core import steps
from interviewer.core.bank import Order
from interviewer.core.errors import DeviceError, DownloadError, EngineError
from interviewer.core.gaps import stopped
from interviewer.core.models import Mode
from interviewer.core.settings import Appearance
from interviewer.core.stopped import Stopped
from interviewer.core.transfers import Stage as Stretch
from interviewer.core.transfers import Transfer
from interviewer.engines import whisper_files
from interviewer.gui.dialogs.whisper_models import WhisperModelsDialog
from interviewer.gui.main_window import MainWindow
from interviewer.gui.widgets.rail import Place
from interviewer.workers.downloads import Job, Task
from interviewer.workers.status import DeviceList, ModelsStatus
from tests.gui.fake_conductor import FakeConductor
from tests.gui.fake_continuing import FakeContinuing
from tests.gui.fake_downloads import FakeDownloads, model
from tests.gui.fake_housekeeper import FakeHousekeeper
from tests.gui.fake_library import FakeLibrary
from tests.gui.fake_settings import FakeSettings
from tests.gui.fakes import NOW, clip, open_score, score, session
from tests.gui.scenes import DIALOGS, PAGES, Stage, half_a_year
from tests.gui.shoot_cases import CASES

Shot = tuple[str, QWidget]


def start(window: MainWindow, conductor: FakeConductor, library: FakeLibrary) -> Iterator[Shot]:
    conductor.models_changed.emit(ModelsStatus("whisper base.en", ready=True))
    conductor.level_changed.emit(0.2)
    yield "start", window
    conductor.models_changed.emit(ModelsStatus("built-in recogniser", rough=True, ready=True))
    library.unfinished = 2
    library.count_pending()
    library.devices_loaded.emit(DeviceList((), library.devices.loudspeakers, library.devices.voices))
    yield "start-banners", window
    library.unfinished = 0
    library.count_pending()
    library.load_devices()


def continued(continuing: FakeContinuing, window: MainWindow) -> Iterator[Shot]:
    """An interview that stopped in its third question: while it was asked, and while it was answered."""
    kept = session()
    begun = replace(kept, finished=None, attempts=kept.attempts[:2])
    continuing.found.emit(Stopped(begun, 2, NOW))
    yield "start-stopped", window
    continuing.found.emit(Stopped(replace(begun, attempts=kept.attempts[:3]), 3, NOW, cut_off=2))
    yield "start-cut-off", window
    continuing.found.emit(None)


def interview(window: MainWindow, conductor: FakeConductor) -> Iterator[Shot]:
    conductor.begin(5, Order.LISTED, Mode.PRACTICE)
    conductor.post(steps.Skip())
    yield "asking", window
    conductor.ask_done()
    yield "thinking", window
    conductor.post(steps.Go())
    yield "opening", window
    conductor.microphone_live()
    conductor.speak_levels()
    window.shelf.interview.show_elapsed(72.0)
    yield "recording", window
    conductor.sound_missing.emit(400)
    conductor.space_changed.emit(12)
    yield "recording-facts", window
    conductor.sound_missing.emit(0)
    conductor.space_changed.emit(None)
    conductor.post(steps.Pause())
    yield "paused", window
    conductor.post(steps.Resume())
    conductor.post(steps.Go())
    conductor.recorded()
    conductor.saved()
    conductor.work_progressed.emit(0.4, "Writing it down")
    yield "transcribing", window
    conductor.post(steps.TranscribeFailed(conductor.state.turn, EngineError("Whisper stopped")))
    yield "fault", window
    conductor.post(steps.Retry())


def microphones(window: MainWindow, conductor: FakeConductor) -> Iterator[Shot]:
    """Another microphone is offered, after an answer that was cut short and for one that could not begin."""
    conductor.begin(5, Order.LISTED, Mode.PRACTICE)
    conductor.to_recording()
    conductor.post(steps.RecordFailed(conductor.state.turn, stopped(34.0, resumed=True), replace(clip(), gap_ms=430)))
    window.board.offer("Headset")
    conductor.saved()
    conductor.transcribed()
    conductor.scored()
    yield "instead-feedback", window
    bar = window.shelf.feedback.scroller.verticalScrollBar()
    bar.setValue(bar.maximum())
    yield "instead-feedback-below", window
    conductor.post(steps.Go())
    conductor.ask_done()
    conductor.post(steps.Go())
    gone = DeviceError("The microphone “USB microphone” is not there", hint="Connect it again, or choose another.")
    conductor.post(steps.RecordFailed(conductor.state.turn, gone, None))
    window.board.offer("HDA Intel PCH: ALC257 Analog (hw:0,0)")
    yield "instead-fault", window
    window.board.offer("")
    conductor.post(steps.Skip())
    conductor.post(steps.End())
    conductor.leave()


def answers(window: MainWindow, conductor: FakeConductor, library: FakeLibrary) -> Iterator[Shot]:
    conductor.transcribed(rough=True)
    conductor.scored()
    yield "feedback-rough", window
    conductor.post(steps.Go())
    conductor.post(steps.Skip())
    conductor.to_feedback()
    yield "feedback", window
    bar = window.shelf.feedback.scroller.verticalScrollBar()
    bar.setValue(bar.maximum())
    yield "feedback-below", window
    conductor.post(steps.Go())
    conductor.to_feedback(judged=open_score())
    yield "feedback-open", window
    library.sessions = (session(), session("20260601-091500-def456", when=NOW - timedelta(days=3)))
    conductor.post(steps.End())
    yield "summary", window
    bar = window.shelf.summary.scroller.verticalScrollBar()
    bar.setValue(bar.maximum())
    yield "summary-below", window


def places(window: MainWindow, library: FakeLibrary) -> Iterator[Shot]:
    window.go_to(Place.HISTORY)
    yield "history", window
    window.shelf.history.review_wanted.emit(library.sessions[0].attempts[1].id)
    window.shelf.review.view.player.play_from(12.0)
    window.shelf.review.view.player.moved.emit(12.0)
    bar = window.shelf.review.scroller.verticalScrollBar()
    bar.setValue(bar.maximum())
    yield "review", window
    one = library.sessions[0].attempts[1]
    again = replace(one, id="again", created=one.created + timedelta(days=2), score=score(84.0, "Complete"))
    library.sessions = (*library.sessions, replace(session("another"), attempts=(again,)))
    window.open_compare(one.id, again.id)
    yield "compare", window
    library.sessions = ()
    window.go_to(Place.HISTORY)
    yield "history-empty", window
    window.go_to(Place.TRENDS)
    yield "trends-empty", window
    library.trends = half_a_year()
    library.changed.emit()
    while window.shelf.trends.plot.canvas is None:  # pyqtgraph is on its way
        QApplication.processEvents()
    yield "trends", window
    bar = window.shelf.trends.scroller.verticalScrollBar()
    bar.setValue(bar.maximum())
    yield "trends-below", window
    window.go_to(Place.SETTINGS)
    yield "settings", window
    for name, opener in (
        ("about", window._on_about),
        ("edit", lambda: window._on_edit_review("so um I would use async def")),
    ):
        opener()
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        yield f"dialog-{name}", dialog
        dialog.close()


def models(window: MainWindow, library: FakeLibrary, downloads: FakeDownloads) -> Iterator[Shot]:
    """The dialog of the Whisper models, over what is really known of them."""
    with tempfile.TemporaryDirectory() as empty:
        known = whisper_files.survey(Path(empty))
    library.models = known
    window._on_whisper()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, WhisperModelsDialog)
    yield "models-nothing", dialog
    downloads.go("base.en", Job(Task.DOWNLOAD, Transfer(Stretch.RECEIVING, 31_400_000, 145_261_783, 2_300_000.0)))
    downloads.go("small.en", Job(Task.DOWNLOAD, Transfer(Stretch.WAITING)))
    yield "models-downloading", dialog
    fact = "The download of base.en failed: openaipublic.azureedge.net cannot be reached (Name or service not known)"
    hint = "Check the network and the proxy (Settings, Recognition), or bring the file from elsewhere."
    kept = "31 MB are kept: downloading again goes on from there."
    library.models = tuple(replace(m, part_bytes=31_400_000) if m.name == "base.en" else m for m in known)
    downloads.go("base.en", Job(Task.DOWNLOAD, problem=DownloadError(fact, hint=f"{hint} {kept}")))
    library.load_models()
    yield "models-failed", dialog
    folder = Path("/home/me/.local/share/interviewer/models")
    there, tuned = folder / "base.en.pt", folder / "my-tuned-model.pt"
    expect = "A file of your own: nobody published a hash to compare it with."
    own = replace(model(str(tuned), present=True, sha256=None, languages="own file", expect=expect), path=tuned)
    library.models = (
        *(replace(m, present=True, path=there, ours=True) if m.name == "base.en" else m for m in known),
        own,
    )
    downloads.go("base.en", Job(Task.VERIFY))
    library.load_models()
    yield "models-present", dialog
    dialog.list.setCurrentIndex(dialog.rows.index(len(library.models) - 1))
    dialog.details.delete.click()
    dialog._brought = "/media/stick/small.pt"
    bringing = Transfer(Stretch.COPYING, 120_000_000, 483_000_000, 90e6)
    downloads.go("/media/stick/small.pt", Job(Task.BRING, bringing))
    yield "models-delete", dialog
    dialog.close()


def every_scene(stage: Stage, case: str) -> Iterator[Shot]:
    """Every page and dialog that has something to show in this case."""
    stage.sessions = CASES[case](stage)
    scenes = (*PAGES, *DIALOGS)
    if not stage.sessions:
        for place in Place:
            stage.window.go_to(place)
            yield f"{case}-{place.name.lower()}", stage.window
        scenes = tuple(scene for scene in scenes if scene.__name__ in ("asking", "settings", "delete_all", "about"))
    for scene in scenes:
        shown = scene(stage)
        yield f"{case}-{scene.__name__}", shown
        for scroller in shown.findChildren(QScrollArea):
            bar = scroller.verticalScrollBar()
            if scroller.isVisible() and bar.maximum():
                bar.setValue(bar.maximum())
                yield f"{case}-{scene.__name__}-below", shown
        while (dialog := QApplication.activeModalWidget()) is not None:
            dialog.close()
        stage.conductor.leave()


def course(stage: Stage) -> Iterator[Shot]:
    """Everything in its course: one interview after the other, then what was kept of them."""
    window, conductor, library = stage.window, stage.conductor, stage.library
    yield from start(window, conductor, library)
    yield from microphones(window, conductor)
    yield from continued(stage.continuing, window)
    yield from interview(window, conductor)
    yield from answers(window, conductor, library)
    yield from places(window, library)
    yield from models(window, library, stage.downloads)


def set_up(folder: Path, look: Appearance) -> Stage:
    """Return a window over the fakes, which keep what they keep in this folder."""
    conductor, library = FakeConductor(), FakeLibrary()
    settings, downloads = FakeSettings(folder, appearance=look), FakeDownloads()
    continuing, housekeeper = FakeContinuing(), FakeHousekeeper(folder)
    window = MainWindow(
        conductor,
        library,
        continuing=continuing,
        downloads=downloads,
        settings=settings,
        housekeeper=housekeeper,
        bank=conductor.bank,
    )
    return Stage(window, conductor, library, continuing, downloads, housekeeper)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--size", default="1280x800")
    parser.add_argument("--scale", default="1")
    parser.add_argument("--case", choices=("normal", *CASES), default="normal")
    return parser.parse_args()


def main() -> None:
    wanted = asked()
    width, height = (int(side) for side in wanted.size.split("x"))
    wanted.out.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    look = Appearance.DARK if wanted.dark else Appearance.LIGHT
    look_name = "dark" if wanted.dark else "light"
    scale = "" if wanted.scale == "1" else f"-{wanted.scale}"
    with tempfile.TemporaryDirectory() as folder:
        stage = set_up(Path(folder), look)
        stage.window.resize(width, height)
        stage.window.show()
        for name, widget in course(stage) if wanted.case == "normal" else every_scene(stage, wanted.case):
            for _ in range(4):
                app.processEvents()
            widget.grab().save(str(wanted.out / f"{name}-{look_name}-{wanted.size}{scale}.png"))
        stage.window.close()


if __name__ == "__main__":
    main()
