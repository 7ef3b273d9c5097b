"""The command line: one file a command, no puzzle or vision logic."""
