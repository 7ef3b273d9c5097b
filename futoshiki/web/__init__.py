"""The page for phones and the HTTP API behind it (extra `web`)."""
