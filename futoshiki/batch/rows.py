"""The rows of the output: one for each board, or one for a picture without a board."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from futoshiki import __version__
from futoshiki.batch.items import Item
from futoshiki.errors import Status
from futoshiki.result import Result
from futoshiki.text import shown

Row = dict[str, Any]
"""The values of one row, by column."""
Picture = tuple[str, str | None, int | None]
"""What names a picture in the output: source, member and page."""
ROW_SCHEMA = 1
"""Version of the columns; it grows when one changes its meaning or goes."""
CELLS = pa.list_(pa.int8())
DOUBT = pa.struct(
    {
        "cell": CELLS,
        "sign": CELLS,
        "read": pa.string(),
        "confidence": pa.float32(),
        "instead": pa.string(),
        "corrected": pa.bool_(),
    }
)
COLUMNS = pa.schema(
    {
        "source": pa.string(), "member": pa.string(), "page": pa.int32(),
        "board": pa.int32(), "status": pa.string(), "size": pa.int8(), "complete": pa.bool_(), "game_id": pa.string(),
        "solution": pa.list_(CELLS), "confidence": pa.float32(), "doubts": pa.list_(DOUBT),
        "corners": pa.list_(pa.list_(pa.float32())), "entries": pa.list_(CELLS), "error": pa.string(),
        "milliseconds": pa.float32(), "version": pa.string(), "schema": pa.int32(),
    }
)  # fmt: skip
"""The columns. Those of a board are what `BoardResult.to_dict` gives; `board` is its number as with `--board`. `milliseconds`
are those of the whole picture, in each of its rows."""
OF_A_BOARD = ("status", "size", "complete", "game_id", "solution", "confidence", "doubts", "corners", "entries")


def rows_of(item: Item, result: Result, milliseconds: float) -> list[Row]:
    """The rows of a picture that was read in so many milliseconds: one for each board in page order, or one without a board."""
    common = _common(item, result.error, milliseconds)
    boards = [board.to_dict() for board in result.in_page_order()]
    return [
        {**common, "board": number, **{column: board[column] for column in OF_A_BOARD}} for number, board in enumerate(boards, 1)
    ] or [{**common, "status": result.status}]


def row_without(item: Item, status: Status, error: str, milliseconds: float | None = None) -> Row:
    """The row of a picture that could not be read."""
    return {**_common(item, error, milliseconds), "status": status}


def _common(item: Item, error: str | None, milliseconds: float | None) -> Row:
    source, member, page = picture_of(item)
    what = {"source": source, "member": member, "page": page, "error": error and shown(error)}
    return {**what, "milliseconds": milliseconds, "version": __version__, "schema": ROW_SCHEMA}


def picture_of(item: Item) -> Picture:
    """What names a picture in the output. Bytes of a file name that are no text are escaped."""
    return shown(item.source), None if item.member is None else shown(item.member), item.page


def by_picture(rows: Iterable[Row]) -> Iterator[tuple[Picture, list[Row]]]:
    """The rows of each picture, which follow each other."""
    for picture, group in groupby(rows, lambda row: (row["source"], row["member"], row["page"])):
        yield picture, list(group)


def to_parquet(rows: Sequence[Row]) -> bytes:
    """The content of a parquet file."""
    buffer = BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows), COLUMNS), buffer, compression="zstd")
    return buffer.getvalue()


def from_parquet(content: bytes) -> list[Row]:
    """The rows in a parquet file; the inverse of `to_parquet`."""
    return list(pq.read_table(BytesIO(content)).to_pylist())
