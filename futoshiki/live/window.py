"""The window of the live mode."""

from __future__ import annotations

import os
import sys

import cv2
import numpy as np

from futoshiki.errors import MissingPartError

TITLE = "futoshiki"
REMEDY = "pip uninstall -y opencv-python-headless && pip install --force-reinstall opencv-python, or use --no-window"
CLOSED = "q"
"""The key that ends the live mode."""
ESCAPE, NO_KEY = 27, 255
"""Key codes of OpenCV: for the escape key, and if no key was pressed."""


class Window:
    """Shows pictures and takes keys.

    Raises:
        MissingPartError: there is no display, or OpenCV cannot open windows.
    """

    def __init__(self) -> None:
        if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise MissingPartError("there is no display for a window: use --no-window with --record or --json")
        os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")  # Qt warns about fonts that are not needed
        try:
            cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
        except cv2.error as error:
            raise MissingPartError(f"OpenCV was built without windows: {REMEDY}") from error
        self._size: tuple[int, int] | None = None

    def show(self, pixels: np.ndarray) -> None:
        """Show a picture, H x W x 3 uint8 RGB. The window takes its size if it differs from that of the last one."""
        size = (pixels.shape[1], pixels.shape[0])
        if size != self._size:
            cv2.resizeWindow(TITLE, *size)
            self._size = size
        cv2.imshow(TITLE, cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))

    def key(self, milliseconds: int = 1) -> str | None:
        """Wait so many milliseconds for a key, and return it if there was one. A closed window counts as `CLOSED`."""
        code = cv2.waitKey(milliseconds) & 0xFF
        if self._size and cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) < 1:
            return CLOSED
        return {ESCAPE: CLOSED, NO_KEY: None}.get(code, chr(code))

    def close(self) -> None:
        """Close the window."""
        cv2.destroyAllWindows()
