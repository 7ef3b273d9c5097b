"""The window of the live mode."""

from __future__ import annotations

import os
import sys

import cv2
import numpy as np

from futoshiki.errors import MissingPartError

TITLE = "futoshiki"
ADVICE = (
    "OpenCV was built without windows: pip uninstall -y opencv-python-headless, then "
    "pip install --force-reinstall opencv-python; or use --no-window"
)
CLOSED = "q"


class Window:
    """Shows pictures and tells which key was pressed.

    Raises:
        MissingPartError: there is no display, or OpenCV cannot open windows.
    """

    def __init__(self) -> None:
        if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise MissingPartError("there is no display to open a window on: use --no-window, with --record or --json")
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # Qt asks for fonts that are not needed
        try:
            cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
        except cv2.error as error:
            raise MissingPartError(ADVICE) from error
        self._size: tuple[int, int] | None = None

    def show(self, pixels: np.ndarray) -> None:
        """A picture, H x W x 3 uint8 RGB; the window takes its size when that changes."""
        size = (pixels.shape[1], pixels.shape[0])
        if size != self._size:
            cv2.resizeWindow(TITLE, *size)
            self._size = size
        cv2.imshow(TITLE, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))

    def key(self, milliseconds: int = 1) -> str | None:
        """The key that was pressed within so many milliseconds, if any; a closed window counts as `q`."""
        code = cv2.waitKey(milliseconds) & 0xFF
        if self._size and cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) < 1:
            return CLOSED
        return {27: CLOSED, 255: None}.get(code, chr(code))

    def close(self) -> None:
        """Close the window."""
        cv2.destroyAllWindows()
