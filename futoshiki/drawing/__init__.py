"""Everything that is drawn: solutions and marks on photos, masks, contact sheets, puzzles to print."""
