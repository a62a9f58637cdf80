"""One point heard from each of two answers, out of real loudspeakers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from interviewer.core.models import Clip, Span
from interviewer.core.settings import Appearance
from interviewer.engines.audio_thread import AudioThread
from interviewer.engines.play_sounddevice import SoundDevicePlayer
from interviewer.gui.theme import Theme
from interviewer.gui.widgets.back_to_back import BETWEEN_MS, BackToBack
from interviewer.gui.widgets.player_bar import PlayerBar
from interviewer.workers.door import Door
from interviewer.workers.playback import Playback
from tests import sound_server as server
from tests.engines.listening import write_wav
from tests.gui.fake_conductor import FakeConductor

RATE_HZ = 16_000
EARLIER_HZ, LATER_HZ, OTHER_HZ = 500, 900, 1500


class Sounding(FakeConductor):
    """A conductor whose clips are heard."""

    def __init__(self, player: SoundDevicePlayer) -> None:
        super().__init__()
        self._playback = Playback(player, SimpleNamespace(hush=lambda: None), Door(self), self)
        self._playback.played_to.connect(self.played_to)
        self._playback.ended.connect(self.playback_ended)

    def play(self, path, start_s=0.0, end_s=None, *, speed=1.0, loop=None) -> bool:
        self._playback.play(path, start_s, end_s)
        return True

    def stop_playback(self) -> None:
        self._playback.hush()


def recording(path, frequency_hz: float) -> Clip:
    """Two seconds of which the second between 0.5 and 1.5 is this tone, and the rest another."""
    around = server.tone(OTHER_HZ, 0.5, rate_hz=RATE_HZ)
    samples = np.concatenate([around, server.tone(frequency_hz, 1.0, rate_hz=RATE_HZ), around])
    return Clip(write_wav(path, samples, RATE_HZ), RATE_HZ, len(samples))


@pytest.mark.audio
def test_just_the_point_is_heard_from_the_earlier_answer_and_a_moment_later_from_the_later(qtbot, qapp, tmp_path):
    if not server.reachable():
        pytest.skip(server.NO_SERVER)
    audio = AudioThread()
    player = SoundDevicePlayer(audio, lambda: server.LOUDSPEAKERS)
    theme, conductor = Theme(qapp, Appearance.LIGHT), Sounding(player)
    bars = PlayerBar(conductor, theme), PlayerBar(conductor, theme)
    both = BackToBack(*bars)
    for bar, name, frequency_hz in zip(bars, ("earlier", "later"), (EARLIER_HZ, LATER_HZ), strict=True):
        qtbot.addWidget(bar)
        bar.show_clip(recording(tmp_path / f"{name}.wav", frequency_hz))
        bar.show()
    with server.Ear() as ear:
        with qtbot.waitSignal(both.ended, timeout=10_000):
            both.play(Span(0.5, 1.5), Span(0.5, 1.5))
        heard = ear.listen_for(0.3)
    player.close()
    audio.close()
    assert server.energy_at(heard, EARLIER_HZ) == pytest.approx(1.0, abs=0.1)
    assert server.energy_at(heard, LATER_HZ) == pytest.approx(1.0, abs=0.1)
    assert server.energy_at(heard, OTHER_HZ) < 0.05
    first, second = (_loud_at(heard, frequency_hz) for frequency_hz in (EARLIER_HZ, LATER_HZ))
    assert second - first > 1.0 + BETWEEN_MS / 1000 - 0.1


def _loud_at(heard, frequency_hz: float) -> float:
    """Return the second at which a tone is first heard."""
    step = server.RATE_HZ // 50
    places = range(0, len(heard) - step, step)
    return next(at for at in places if server.energy_at(heard[at : at + step], frequency_hz) > 0) / server.RATE_HZ
