"""Pictures with the outlines of their puzzles, as labelling tools write them."""

from futoshiki.labels.picture import LabelledPicture
from futoshiki.labels.read import read_labels
from futoshiki.labels.via import write_via

__all__ = ["LabelledPicture", "read_labels", "write_via"]
