"""Options that the commands which read label files share."""

from __future__ import annotations

from pathlib import Path

import click

PICTURES = click.option(
    "--pictures", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the labelled pictures; that of the label file by default.",
)  # fmt: skip
STORED = click.option(
    "--stored-pixels", is_flag=True, help="The outlines were drawn on the stored pixels, EXIF orientation ignored."
)
GRID_MODEL = click.option(
    "--grid-model", type=click.Path(exists=True, path_type=Path), help="A training run (or its ONNX file) to find puzzles with."
)
