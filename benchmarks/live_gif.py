"""Draw docs/images/live.gif: what `futoshiki live` shows while two of the samples are filmed, one after the other.

usage: python benchmarks/live_gif.py [-o docs/images/live.gif]
The camera is that of `futoshiki.training.synth.clip`, with less noise than in benchmarks/live.py, because GIF compresses noise
badly. Every frame is worked through, however long that takes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image

from futoshiki.live.overlay import draw_sight
from futoshiki.live.session import follow
from futoshiki.training.synth.clip import Motion, film, filmed_pages

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("newspaper", "puzzle_book_9x9")
FPS, SECONDS = 15, 4.2
"""Frames of the film per second, and seconds that each page is filmed."""
MOTION = Motion(hand=(2.6, 3.8), shake=0.2, noise=0.5, flicker=0.03, blur=0.2, tilt=0.15, pan=0.04, zoom=0.08)
FIRST, STEP = 18, 3
"""The first frame that is shown, and every how many-th after it."""
SIZE, COLOURS = (464, 261), 48


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "docs" / "images" / "live.gif")
    output = parser.parse_args().output
    pages = {page.name: page for page, _ in filmed_pages(ROOT / "samples")}
    frames = film([pages[name] for name in PAGES], seconds=SECONDS, fps=FPS, seed=3, motion=MOTION, fill=0.8)
    drawn = [Image.fromarray(draw_sight(sight)) for sight in follow(frame.pixels for frame in frames)]
    shown = [picture.resize(SIZE, Image.Resampling.LANCZOS) for picture in drawn[FIRST::STEP]]
    strip = Image.new("RGB", (SIZE[0], SIZE[1] * len(shown)))
    for k, picture in enumerate(shown):
        strip.paste(picture, (0, k * SIZE[1]))
    palette = strip.quantize(COLOURS)
    first, *others = (picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in shown)
    first.save(output, save_all=True, append_images=others, duration=round(1000 * STEP / FPS), loop=0, optimize=True)
    print(f"{output}: {len(shown)} frames, {output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
