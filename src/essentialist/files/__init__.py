"""What lies on disk: which files are music, and what they say of themselves."""
