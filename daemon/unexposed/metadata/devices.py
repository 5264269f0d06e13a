"""Names of devices as metadata writes them, brought into one form."""

from __future__ import annotations


def full_model(make: str, model: str) -> str:
    """Return maker and model as one name that does not say the maker twice.

    "NIKON CORPORATION" and "NIKON D70" make "NIKON D70".
    """
    makers = {word.casefold() for word in make.split()}
    first = next(iter(model.split()), "")
    if first.casefold() in makers:
        return model
    return f"{make} {model}".strip()
