"""The errors that cross module borders.

Each says what is wrong, where, and what to do. A parser of untrusted bytes
raises nothing else, whatever the input.
"""


class UnexposedError(Exception):
    """Root of everything that this package raises on purpose."""


class ConfigError(UnexposedError):
    """A configuration that cannot be used; the text names file, key and line."""


class Held(UnexposedError):
    """A file that must not go out: the text is the reason, in plain words."""


class UnsupportedFormat(Held):
    """Content that no format handler cleans.

    `family` is a word for what was recognised ("pdf", "audio"), "" for anything else.
    """

    def __init__(self, reason: str, family: str = "") -> None:
        super().__init__(reason)
        self.family = family


class Malformed(Held):
    """A file whose structure is broken so that its bytes cannot all be accounted for.

    `offset` is where in the file the trouble stands, in bytes.
    """

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(f"it cannot be read with certainty: {problem} (at byte {offset})")
        self.problem = problem
        self.offset = offset


class VerificationFailed(Held):
    """The finished copy was read again and is not what it should be."""


def reason_of(problem: OSError) -> str:
    """Say why a folder or a file in it could not be made or used."""
    if isinstance(problem, FileExistsError):
        return f"{problem.filename} is a file, not a folder"
    if isinstance(problem, NotADirectoryError):
        return "what should be a folder above it is a file"
    return problem.strerror or str(problem)
