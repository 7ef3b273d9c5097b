"""From a picture to its result in one call: what most programs need."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from futoshiki.drawing.answer import annotated
from futoshiki.photo import ImageSource, Photo, load_photo
from futoshiki.puzzle import Clue
from futoshiki.reading.reader import Reader, default_reader
from futoshiki.result import Result

OPENED_AGAIN = (str, os.PathLike, bytes, bytearray, memoryview, np.ndarray, Image.Image, Photo)
"""Sources that can be looked at once more. Others, such as open files, are read to their end."""


@dataclass(frozen=True, eq=False, repr=False)
class SourcePicture:
    """The picture of a result, to draw on."""

    source: ImageSource | Photo

    def with_solutions(self, result: Result) -> Photo:
        """The picture with the solutions of a result drawn in.

        Raises:
            UnreadableFileError: the picture is not there any more.
        """
        return annotated(self.source if isinstance(self.source, Photo) else load_photo(self.source), result)


def solve_image(source: ImageSource | Photo, *, settled: Sequence[Clue | str] = (), reader: Reader | None = None) -> Result:
    """Find, read and solve every Futoshiki in a picture; see `Reader.read`.

    `settled` are clues of the best board that are known better than they can be read, such as "r3c2=4"; see `Reader.settle`.
    The result knows its picture: `result.image` and `result.save` draw the solution into it. It holds the source that was
    given, not the pixels, so a picture in a file is opened again when it is drawn.
    """
    reader = reader or default_reader()
    page = reader.open(source)
    result = page.result()
    if settled:
        result = reader.settle(result, settled)
    return replace(result, picture=SourcePicture(source if isinstance(source, OPENED_AGAIN) else page.photo))


def read_image(source: ImageSource | Photo, *, settled: Sequence[Clue | str] = (), reader: Reader | None = None) -> Result:
    """Like `solve_image`, but the boards hold no solution: for callers who want to solve the puzzles themselves.

    A board whose clues are trusted has the status `read`.
    """
    return solve_image(source, settled=settled, reader=reader).without_solutions()
