"""What makes files that the package carries; not needed to run it."""
