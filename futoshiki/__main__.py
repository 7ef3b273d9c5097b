"""`python -m futoshiki`."""

from futoshiki.cli.main import main

main()
