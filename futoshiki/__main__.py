"""`futoshiki` and `python -m futoshiki`."""

import sys


def main() -> None:
    """Entry point. Ctrl-C ends it without a traceback, even while modules are still being imported."""
    try:
        from futoshiki.cli.main import main as run

        run()
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
