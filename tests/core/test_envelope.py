"""The outline of a recording."""

from __future__ import annotations

import numpy as np

from interviewer.core.envelope import COLUMNS_A_SECOND, Envelope


def test_two_outlines_are_told_apart_without_comparing_their_columns() -> None:
    reach = np.zeros(COLUMNS_A_SECOND, dtype=np.float32)
    one, other = Envelope(1.0, reach, reach), Envelope(1.0, reach, reach)
    assert one == one
    assert one != other
