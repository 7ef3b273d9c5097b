"""From a photo to puzzles: finding boards, reading their clues, deciding what to trust."""
