"""Everything that needs torch: synthetic photos, both trainers, export."""
