"""From raw agreement to a score that means what people mean by it, and how sure that is.

A calibration belongs to one embedding model: raw numbers of two models do not compare. It is
made by `interviewer calibrate` from graded answers and kept with its provenance.
"""

from __future__ import annotations

import errno
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from interviewer.core.errors import InputError
from interviewer.core.files import read_small

MAX_BYTES = 256 * 1024
Knot = tuple[FiniteFloat, FiniteFloat]


class Calibration(BaseModel):
    """Knots of a never-falling curve from raw agreement to 0-100, with the spread around it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scorer: str
    """Version of the formula that the raw numbers are from."""
    model: Annotated[str, Field(min_length=1, max_length=64)]
    """Beginning of the hash of the embedding model's weights."""
    knots: tuple[Knot, ...] = Field(min_length=2, max_length=200)
    """Raw agreement 0 to 1, score 0 to 100; both never fall."""
    spread: tuple[tuple[FiniteFloat, FiniteFloat, FiniteFloat], ...] = Field(min_length=1, max_length=50)
    """Score, and how far below and above it four of five graded answers lie."""
    answers: int = Field(ge=1)
    questions: int = Field(ge=1)
    source: str
    """The graded answers it was made from, and how."""
    pearson: FiniteFloat | None = None
    """With the grades, questions held out whole."""

    @model_validator(mode="after")
    def _rising(self) -> Self:
        for (x, y), (later_x, later_y) in pairwise(self.knots):
            if later_x <= x or later_y < y:
                raise ValueError("knots must rise")
        if any(a[0] >= b[0] for a, b in pairwise(self.spread)):
            raise ValueError("the spread must be in order of the score")
        if any(min(below, above) < 0.0 for _, below, above in self.spread):
            raise ValueError("a spread is not negative")
        if not all(0.0 <= y <= 100.0 for _, y in self.knots):
            raise ValueError("scores lie between 0 and 100")
        return self

    def value(self, raw: float) -> float:
        """Return the score of a raw agreement."""
        xs, ys = zip(*self.knots, strict=True)
        return float(np.interp(raw, xs, ys))

    def around(self, value: float) -> tuple[float, float]:
        """Return the range of a score: four of five graded answers lie in it."""
        at, below, above = zip(*self.spread, strict=True)
        low = value - float(np.interp(value, at, below))
        high = value + float(np.interp(value, at, above))
        return max(0.0, low), min(100.0, high)


def read(path: Path) -> Calibration:
    """Read a calibration. Raises InputError when the file is not one."""
    hint = "Make it again: interviewer calibrate."
    try:
        return Calibration.model_validate_json(read_small(path, MAX_BYTES, links=True))
    except OSError as exc:
        if exc.errno == errno.EFBIG:
            raise InputError(f"{path.name} is too large for a calibration", hint=hint) from exc
        raise InputError(f"{path} cannot be read ({exc.strerror})", hint=hint) from exc
    except ValidationError as exc:
        raise InputError(f"{path.name} is not a calibration", hint=hint) from exc


POINTS_OF_DOUBT = 50.0
"""Range added for a share of 1 of doubtful words: 10 % of misrecognised words move a score by about 5."""

UNCALIBRATED = Calibration(
    scorer="none",
    model="none",
    knots=((0.0, 0.0), (1.0, 100.0)),
    spread=((0.0, 100.0, 100.0),),
    answers=1,
    questions=1,
    source="none: raw agreement as it is",
)
"""For what needs raw agreements only, such as making a calibration."""
