"""Pictures: loading, finding boards, reading clues, drawing; knows nothing of solving."""
