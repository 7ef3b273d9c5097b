"""The pages of the site that are made from the program: the command line, the notebook, and the schema of results."""

from __future__ import annotations

import base64
import inspect
from collections.abc import Iterator
from pathlib import Path

import click
import nbformat
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from nbclient import NotebookClient

from futoshiki.cli.main import cli
from futoshiki.resources import RESULT_SCHEMA

NOTEBOOK = Path(__file__).parent / "tutorials" / "python.ipynb"
COMMANDS = """# Command line

Every command exits with one of [these codes](statuses.md). `futoshiki COMMAND --help` prints what stands here.
"""


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the made pages to the written ones; MkDocs calls this."""
    made = {
        "reference/commands.md": "\n\n".join([COMMANDS, *described(cli, click.Context(cli, info_name="futoshiki"))]),
        "reference/result.schema.json": RESULT_SCHEMA.read_text(encoding="utf-8"),
        **notebook(NOTEBOOK),
    }
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    return files


def described(group: click.Group, context: click.Context, level: int = 2) -> Iterator[str]:
    """Markdown about each command of a group: its usage, what it does, its options."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None, name
        inner = click.Context(command, context, info_name=name)
        yield f"{'#' * level} {inner.command_path}"
        yield f"```\n{' '.join([inner.command_path, *command.collect_usage_pieces(inner)])}\n```"
        yield from paragraphs(command.help or "")
        records = [parameter.get_help_record(inner) for parameter in command.params if isinstance(parameter, click.Option)]
        yield "\n".join(f"`{record[0]}`\n:   {record[1]}\n" for record in records if record)
        if isinstance(command, click.Group):
            yield from described(command, inner, level + 1)


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a command's help; those that click prints as they are become blocks of code."""
    for paragraph in inspect.cleandoc(text).split("\n\n"):
        yield f"```\n{paragraph[1:].strip()}\n```" if paragraph.startswith("\b") else paragraph


def notebook(path: Path) -> dict[str, str | bytes]:
    """The page of a notebook, which is run for it, and the pictures on it, by their places on the site."""
    book = nbformat.read(path, as_version=4)
    NotebookClient(book, timeout=120).execute()
    page, pictures, parts = f"tutorials/{path.stem}.md", dict[str, str | bytes](), []
    for cell in book.cells:
        parts.append(cell.source if cell.cell_type == "markdown" else f"```python\n{cell.source}\n```")
        for output in cell.get("outputs", ()):
            data = output.get("data", {"text/plain": output.get("text", "")})
            if "image/png" in data:
                name = f"{path.stem}_{len(pictures) + 1}.png"
                pictures[f"tutorials/{name}"] = base64.b64decode(data["image/png"])
                parts.append(f"![What the cell above shows]({name})")
            else:
                parts.append(f"```text\n{data['text/plain'].rstrip()}\n```")
    return {page: "\n\n".join(parts), **pictures}
