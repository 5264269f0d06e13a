"""Clean copies of pictures, and the truth about what the originals give away."""

__version__ = "0.1.0"
