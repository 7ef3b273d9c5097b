"""The files of the page, held in memory: no request reads the disk."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).resolve().parent / "page"
"""Where the files of the page are."""
START = "index.html"
"""The file that is given out at the address of the server itself."""
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
"""The content types by ending; those of the operating system may be wrong, and a browser refuses scripts of a wrong type."""


@dataclass(frozen=True)
class PageFile:
    """A file of the page; `tag` changes with its content."""

    content: bytes
    kind: str
    tag: str

    async def answer(self, request: Request) -> Response:
        """The file, or word that the client has it already."""
        headers = {"ETag": self.tag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == self.tag:
            return Response(status_code=304, headers=headers)
        return Response(self.content, media_type=self.kind, headers=headers)


def page_files(folder: Path = FOLDER) -> dict[str, PageFile]:
    """The files by their paths in the address."""
    files = {}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix in TYPES:
            content = path.read_bytes()
            tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            files["/" if path.name == START else f"/{path.name}"] = PageFile(content, TYPES[path.suffix], tag)
    return files
