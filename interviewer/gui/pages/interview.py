"""The interview itself: the question, where it stands, and one thing to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from interviewer.core import steps
from interviewer.core.settings import Settings
from interviewer.core.state import State
from interviewer.core.steps import Phase
from interviewer.gui.clock import clock
from interviewer.gui.keys import PRIMARY, bind
from interviewer.gui.pages.page import Page
from interviewer.gui.prompts import Act, Prompt, progress_words, prompt
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.buttons import Button
from interviewer.gui.widgets.cards import card
from interviewer.gui.widgets.labels import IconLabel, label, set_tone
from interviewer.gui.widgets.level_meter import LevelMeter
from interviewer.gui.widgets.live_text import LiveText
from interviewer.gui.widgets.progress_line import ProgressLine
from interviewer.gui.widgets.recording_facts import RecordingFacts
from interviewer.gui.widgets.target_bar import TargetBar, length_words
from interviewer.gui.widgets.waveform import Waveform

if TYPE_CHECKING:
    from interviewer.workers.conductor import Conductor

_EVENTS: dict[Act, type[steps.Go | steps.Repeat | steps.Retry | steps.Skip | steps.Cancel | steps.Pause | steps.Resume]]
_EVENTS = {
    Act.GO: steps.Go,
    Act.REPEAT: steps.Repeat,
    Act.RETRY: steps.Retry,
    Act.SKIP: steps.Skip,
    Act.CANCEL: steps.Cancel,
    Act.PAUSE: steps.Pause,
    Act.RESUME: steps.Resume,
}
_ICONS = {
    Phase.ASKING: "loudspeaker",
    Phase.FOLLOW_UP: "loudspeaker",
    Phase.WAITING: "interview",
    Phase.RECORDING: "microphone",
    Phase.FAULT: "warning",
}
_SECONDARY = (Act.REPEAT, Act.TYPE, Act.SKIP, Act.PAUSE, Act.CANCEL)
_TICK_MS = 200


class InterviewPage(Page):
    """Asking, thinking, recording, working, and what went wrong."""

    typing_wanted = Signal()  # the user would rather type

    def __init__(self, conductor: Conductor, theme: Theme) -> None:
        super().__init__(theme, "Interview")
        self._conductor = conductor
        self._state = State()
        self._prompt = Prompt("")
        self._hide_question = False
        self._spoken_ms = 0
        self._running = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._build_head()
        self._build_question()
        self._build_stage()
        self.column.addStretch(1)
        self._build_footer()
        for keys in (PRIMARY, ("Esc",), ("R",), ("T",), ("S",)):
            bind(self, keys, self._on_key)
        conductor.level_changed.connect(self._on_level)
        conductor.sound_missing.connect(self._on_sound_missing)
        conductor.space_changed.connect(self._on_space_changed)
        conductor.heard.connect(self._on_heard)
        conductor.work_progressed.connect(self._on_work_progressed)

    # --- building -----------------------------------------------------------------------

    def _build_head(self) -> None:
        row = QHBoxLayout()
        self.progress_words = label(size="section", tone="muted")
        self.topic = label(tone="muted")
        self.end = Button("End the interview", role="quiet")
        self.end.clicked.connect(self._on_end)
        row.addWidget(self.progress_words)
        row.addSpacing(12)
        row.addWidget(self.topic)
        row.addStretch(1)
        row.addWidget(self.end)
        self.column.addLayout(row)
        self.progress = ProgressLine(self.theme)
        self.progress.setAccessibleName("Questions done")
        self.column.addWidget(self.progress)

    def _build_question(self) -> None:
        frame, column = card(margin_px=24)
        self.asked_as = label(size="section", tone="accent")
        self.question = label(size="question", wrap=True, selectable=True)
        self.hidden = label("Listen: the question is hidden.", size="title", tone="muted", wrap=True)
        self.show_it = Button("Show the question", role="quiet")
        self.show_it.clicked.connect(self._on_show_question)
        column.addWidget(self.asked_as)
        column.addWidget(self.question)
        column.addWidget(self.hidden)
        column.addWidget(self.show_it, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(frame)

    def _build_stage(self) -> None:
        frame, column = card(margin_px=24)
        head = QHBoxLayout()
        head.setSpacing(12)
        self.phase_icon = IconLabel(self.theme, "interview", "accent", 26)
        self.phase = label(size="title", wrap=True)
        self.elapsed = label(size="figure")
        head.addWidget(self.phase_icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.phase, 1)
        head.addWidget(self.elapsed, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        self.detail = label(tone="muted", wrap=True)
        self.length = label(tone="muted")
        below = QHBoxLayout()
        below.addWidget(self.detail, 1)
        below.addWidget(self.length)
        column.addLayout(below)
        self.work = ProgressLine(self.theme)
        self.work.setAccessibleName("Progress of the work")
        self.work_stage = label(size="caption", tone="muted")
        column.addWidget(self.work)
        column.addWidget(self.work_stage)
        self.sound = self._sound_panel()
        column.addWidget(self.sound)
        self.heard = LiveText()
        column.addWidget(self.heard)
        self.column.addWidget(frame)

    def _sound_panel(self) -> QWidget:
        panel = QWidget()
        rows = QVBoxLayout(panel)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setSpacing(10)
        # Above the rest: in a small window that may reach below the fold.
        self.facts = RecordingFacts(self.theme)
        rows.addWidget(self.facts)
        self.waveform = Waveform(self.theme)
        self.meter = LevelMeter(self.theme)
        self.target = TargetBar(self.theme)
        rows.addWidget(self.waveform)
        bars = QGridLayout()
        bars.setHorizontalSpacing(16)
        bars.setVerticalSpacing(8)
        bars.addWidget(label("Level", size="caption", tone="muted"), 0, 0)
        bars.addWidget(self.meter, 0, 1)
        bars.addWidget(label("Length", size="caption", tone="muted"), 1, 0, Qt.AlignmentFlag.AlignTop)
        bars.addWidget(self.target, 1, 1)
        rows.addLayout(bars)
        return panel

    def _build_footer(self) -> None:
        self.primary = Button("Go on", role="primary", key="Space")
        self.primary.clicked.connect(self._on_primary)
        self.secondary: dict[Act, Button] = {}
        for act in _SECONDARY:
            button = Button(act.value)
            button.setProperty("act", act.name)
            button.clicked.connect(self._on_secondary)
            self.secondary[act] = button
            self.footer.row.addWidget(button)
        self.footer.row.addStretch(1)
        self.footer.row.addWidget(self.primary)

    # --- showing -------------------------------------------------------------------------

    def show_settings(self, settings: Settings) -> None:
        """Hide or show the question as the settings say, from the next one on."""
        self._hide_question = settings.hide_question

    def show_state(self, state: State) -> None:
        """Show where the interview stands."""
        before, self._state = self._state, state
        said, self._prompt = self._prompt, prompt(state)
        if not state.questions:
            return
        if not before.questions or _place(before) != _place(state):
            self.to_top()
            self._show_question(hidden=self._hide_question)
        self.progress_words.setText(progress_words(state))
        self.progress.show_fraction((state.position + 1) / len(state.questions))
        self._show_prompt()
        self._keep_time(before, state)
        if said.phase != self._prompt.phase:
            self.announce(f"{self._prompt.phase}. {self._prompt.detail}")

    def _show_question(self, *, hidden: bool) -> None:
        self.topic.setText(self._state.question.topic)
        self.asked_as.setText("Follow-up")
        self.asked_as.setVisible(bool(self._state.follow_up))
        self.question.setText(self._state.asked)
        self.question.setVisible(not hidden)
        self.hidden.setVisible(hidden)
        self.show_it.setVisible(hidden)

    def _show_prompt(self) -> None:
        now = self._prompt
        self.phase.setText(now.phase)
        set_tone(self.phase, now.tone if now.tone in ("live", "bad", "muted") else "")
        icon = "pause" if self._state.paused else _ICONS.get(self._state.phase, "edit")
        self.phase_icon.show_icon(icon, now.tone)
        self.detail.setText(now.detail)
        self.detail.setVisible(bool(now.detail))
        self.work.setVisible(now.busy)
        self.work_stage.setVisible(now.busy)
        if not now.busy:
            self.work.show_fraction(None)
            self.work_stage.clear()
        self.sound.setVisible(self._state.phase is Phase.RECORDING)
        self.heard.setVisible(self._state.phase in (Phase.RECORDING, Phase.SAVING, Phase.TRANSCRIBING))
        self.elapsed.setVisible(self._state.phase is Phase.RECORDING)
        self.length.setVisible(self._state.phase is Phase.RECORDING)
        self._show_buttons()

    def _show_buttons(self) -> None:
        now = self._prompt
        moves = {move.act: move for move in now.others}
        leaving = [button for act, button in self.secondary.items() if act not in moves]
        leaving += [self.primary] if now.primary is None else []
        leaving += [self.end] if self._state.ending else []
        if QApplication.focusWidget() in leaving:
            # Qt would hand the focus to the next button, and Enter would press that one.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.end.setEnabled(not self._state.ending)
        self.primary.setEnabled(now.primary is not None)
        self.primary.setVisible(now.primary is not None)
        if now.primary is not None:
            self.primary.say(now.primary.words)
        for act, button in self.secondary.items():
            button.setVisible(act in moves)
            if act in moves:
                button.say(moves[act].words)
                button.set_key(moves[act].key)

    # --- time ---------------------------------------------------------------------------

    def _keep_time(self, before: State, state: State) -> None:
        if state.phase is not Phase.RECORDING:
            self._timer.stop()
            return
        if before.turn != state.turn:
            self._spoken_ms = 0
            self._running.invalidate()
            self.waveform.clear()
            self.meter.clear()
            self.facts.clear()
            self.heard.clear()
        counts = state.live and not state.paused and not state.stopping
        self.waveform.show_live(counts)
        if counts and not self._running.isValid():
            self._running.start()
            self._timer.start()
        elif not counts and self._running.isValid():
            self._spoken_ms += self._running.elapsed()
            self._running.invalidate()
            self._timer.stop()
        self._on_tick()

    @Slot()
    def _on_tick(self) -> None:
        spoken_ms = self._spoken_ms + (self._running.elapsed() if self._running.isValid() else 0)
        self.show_elapsed(spoken_ms / 1000)

    def show_elapsed(self, seconds: float) -> None:
        """Show how long the answer is by now."""
        self.elapsed.setText(clock(seconds))
        self.target.show_elapsed(seconds)
        self.length.setText(length_words(seconds))

    @Slot(float)
    def _on_level(self, peak: float) -> None:
        if self._state.phase is Phase.RECORDING and not self._state.paused:
            self.waveform.add(peak)
            self.meter.show_level(peak)

    @Slot(int)
    def _on_sound_missing(self, gap_ms: int) -> None:
        first = self.facts.missing.isHidden()
        self.facts.show_missing(gap_ms)
        if first and gap_ms:
            self.announce(self.facts.missing.words.text())

    @Slot(object)
    def _on_space_changed(self, minutes: int | None) -> None:
        first = self.facts.space.isHidden()
        self.facts.show_space(minutes)
        if first and minutes is not None:
            self.announce(self.facts.space.words.text())

    @Slot(str)
    def _on_heard(self, text: str) -> None:
        self.heard.show_text(text)

    @Slot(object, str)
    def _on_work_progressed(self, fraction: float | None, stage: str) -> None:
        if self._prompt.busy:
            self.work.show_fraction(fraction)
            # The heading says the phase already; only another stage is news.
            self.work_stage.setText("" if stage == self._prompt.phase else stage)

    # --- doing ---------------------------------------------------------------------------

    def _do(self, act: Act) -> None:
        if act is Act.TYPE:
            self.typing_wanted.emit()
        else:
            self._conductor.post(_EVENTS[act]())

    @Slot()
    def _on_primary(self) -> None:
        if self._prompt.primary is not None:
            self._do(self._prompt.primary.act)

    @Slot()
    def _on_secondary(self) -> None:
        self._do(Act[self.sender().property("act")])

    @Slot()
    def _on_key(self) -> None:
        shortcut = self.sender()
        assert isinstance(shortcut, QShortcut)  # nothing else is bound to this
        key = shortcut.key().toString()
        move = self._prompt.move("Space" if key in PRIMARY else key)
        if move is not None:
            self._do(move.act)

    @Slot()
    def _on_end(self) -> None:
        self._conductor.post(steps.End())

    @Slot()
    def _on_show_question(self) -> None:
        self._show_question(hidden=False)


def _place(state: State) -> tuple[str, int, str]:
    return (state.begin.session_id if state.begin else "", state.position, state.asked)
