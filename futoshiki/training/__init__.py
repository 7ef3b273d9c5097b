"""Everything that needs torch: synthetic photos, the trainers, export."""
