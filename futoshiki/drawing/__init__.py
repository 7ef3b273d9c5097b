"""Everything that is drawn: solutions and marks on photos, masks, contact sheets, sheets to print."""
