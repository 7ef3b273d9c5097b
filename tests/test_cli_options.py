"""What the commands share: their list, their options, and the colours of boards."""

import io
import json
import subprocess
import sys

import pytest
from PIL import Image
from rich.color import Color
from rich.console import Console
from rich.style import Style

from futoshiki.cli.main import COMMANDS, cli
from futoshiki.cli.show import STYLES, board_on
from futoshiki.errors import ExitCode
from futoshiki.notation import parse
from tests.helpers import GAME, SAMPLES, run

PUZZLE_COMMANDS = ("solve", "read", "hint", "check", "explain", "grade")
PHOTO = SAMPLES / "small_4x4.jpg"


def luminance(colour: tuple[int, int, int]) -> float:
    """Relative luminance of an sRGB colour as WCAG 2 defines it, 0 to 1."""
    levels = [level / 255 for level in colour]
    red, green, blue = (level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("kind", STYLES)
def test_every_colour_of_a_board_can_be_read_on_white_and_on_black(kind):
    colour = Style.parse(STYLES[kind]).color
    if colour is None:
        return  # the terminal's own
    light = luminance(tuple(Color.parse(colour.name).get_truecolor()))
    assert min(1.05 / (light + 0.05), (light + 0.05) / 0.05) >= 4.5


@pytest.mark.parametrize("width", [80, 10])
def test_given_digits_differ_by_more_than_their_colour(width):
    console = Console(file=io.StringIO(), width=width, color_system="256", force_terminal=True)
    puzzle = parse(GAME)
    text = board_on(console, puzzle, puzzle.givens)
    console.print(text)
    assert "[3]" in text.plain or "\x1b[1;4m" in console.file.getvalue()


def test_a_terminal_of_few_colours_gets_none():
    console = Console(file=io.StringIO(), width=80, color_system="standard", force_terminal=True)
    console.print(board_on(console, parse(GAME)))
    assert "\x1b[3" not in console.file.getvalue()


@pytest.mark.parametrize("name", PUZZLE_COMMANDS)
def test_all_commands_about_a_puzzle_have_the_same_options(name):
    options = {option for parameter in cli.get_command(None, name).params for option in parameter.opts}
    assert {"--set", "--page", "--board", "--json", "-q", "--quiet", "-o", "--output", "--grid-model"} <= options


@pytest.mark.parametrize("name", PUZZLE_COMMANDS)
def test_a_clue_can_be_set_and_the_answer_is_json(name):
    lines = run(name, GAME, "--json", "--set", "D1=1").stdout.splitlines()
    assert lines and all(isinstance(json.loads(line), dict) for line in lines)
    wrong = run(name, GAME, "--set", "D1=3")
    code = wrong.exception.exit_code if wrong.exception else wrong.return_value
    assert code == ExitCode.CONTRADICTORY or name == "read"
    assert "r3c2=4" in str(run(name, GAME, "--set", "3,2=4").exception)


@pytest.mark.parametrize("name", PUZZLE_COMMANDS)
def test_quiet_commands_print_nothing(name):
    assert run(name, GAME, "-q").stdout == ""


@pytest.mark.parametrize("name", ["read", "explain", "grade"])
def test_what_is_printed_can_go_into_a_file(name, tmp_path):
    assert run(name, GAME, "-o", tmp_path / "a.txt").stdout == ""
    assert (tmp_path / "a.txt").read_text() == run(name, GAME).stdout == run(name, GAME, "-o", "-").stdout


@pytest.mark.parametrize("name", ["solve", "hint"])
def test_pictures_go_to_standard_output(name):
    done = subprocess.run([sys.executable, "-m", "futoshiki", name, PHOTO, "-o", "-"], capture_output=True, check=True)
    assert Image.open(io.BytesIO(done.stdout)).format == "JPEG"


def test_standard_output_takes_one_picture_and_nothing_else():
    assert "one picture" in str(run("solve", PHOTO, SAMPLES / "newspaper.jpg", "-o", "-").exception)
    assert "one picture" in str(run("solve", PHOTO, "-o", "-", "--json").exception)
    for command in (["hint", GAME], ["check", GAME, "--entries", "D1=1"]):
        assert "give a file" in str(run(*command, "-o", "-", "--json").exception)


def test_hints_give_no_more_away_than_asked(tmp_path):
    levels = [json.loads(run("hint", GAME, "--json", "--level", level).stdout) for level in (1, 2, 3)]
    assert [sorted(key for key in told if key.startswith("level")) for told in levels] == [
        ["level1"],
        ["level1", "level2"],
        ["level1", "level2", "level3"],
    ]
    assert [told["value"] is None for told in levels] == [True, True, False]
    assert [bool(told["cells"]) for told in levels] == [False, True, True]


def test_a_picture_or_a_game_id_alone_is_solved(tmp_path):
    assert "solved" in run(GAME).output
    assert "No such file" in run(tmp_path / "nosuch.jpg").output
    assert "did you mean solve?" in str(run("sovle", GAME).exception)
    assert "No such command" in str(run("xyzzy").exception)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_script_that_completes(shell):
    assert "_FUTOSHIKI_COMPLETE" in run("completion", shell).output


def test_commands_are_completed():
    code = "import sys; sys.argv = ['futoshiki']; from futoshiki.cli.main import main; main()"
    variables = {"COMP_WORDS": "futoshiki so", "COMP_CWORD": "1", "_FUTOSHIKI_COMPLETE": "bash_complete"}
    done = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True)
    assert done.stdout.strip() == "plain,solve"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_needs_no_extra(name):
    hidden = "".join(
        f"sys.modules['{module}'] = None\n" for module in ("torch", "albumentations", "starlette", "segno", "matplotlib")
    )
    code = f"import sys\n{hidden}sys.argv = ['futoshiki', '{name}', '--help']\nfrom futoshiki.cli.main import main\nmain()\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout[:5]) == (0, "Usage")
