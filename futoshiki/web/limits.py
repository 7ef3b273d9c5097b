"""What one request may cost."""

from __future__ import annotations

PHOTO_BYTES = 25_000_000
"""Bytes of the body with a photo; phones send 2 to 12 MB."""
FRAME_BYTES = 1_000_000
"""Bytes of one live frame; a JPEG of 1280 x 720 pixels has 100 to 300 kB."""
JSON_BYTES = 200_000
"""Bytes of a request in JSON; a result with four boards of 9 x 9 has 40 kB."""
PHOTO_PIXELS = 40_000_000
"""Pixels of a photo."""
FRAME_PIXELS = 4_000_000
"""Pixels of a live frame; a camera of 1920 x 1080 gives 2 million."""
BODY_SECONDS = 60.0
"""Seconds within which a body must have arrived, because it holds a place in the queue."""
WORK_SECONDS = 20.0
"""Seconds for reading a photo, or for solving a puzzle that somebody has sent."""
WAITING = 8
"""Requests that may wait while another one is worked on."""
LIVE_SESSIONS = 2
"""Cameras that are followed at the same time."""
IDLE_SECONDS = 30.0
"""Seconds without a frame after which a live session ends."""
RETRY_SECONDS = 3
"""Seconds after which a client that found the queue full may try again: about the time that a full queue takes."""
