"""Who stands behind the programs that make pictures from words."""

from __future__ import annotations

import re
from typing import Final

_MAKERS: Final = (
    (r"dall[-·.\s]?e\b|gpt-?image|gpt-?4o|gpt-5|chatgpt|openai|\bsora\b", "OpenAI"),
    (r"firefly", "Adobe Firefly"),
    (r"adobe|photoshop", "Adobe"),
    (r"imagen|gemini|nano.?banana|deepmind|google|\bveo\b|synthid", "Google"),
    (r"bing image|microsoft|copilot|\bmai-image", "Microsoft"),
    (r"midjourney", "Midjourney"),
    (r"novelai", "NovelAI"),
    (r"black.?forest|flux", "Black Forest Labs"),
    (r"stability|stable.?diffusion", "Stability AI"),
    (r"leonardo", "Leonardo.Ai"),
    (r"ideogram", "Ideogram"),
    (r"\bgrok|\bx\.?ai\b", "xAI"),
    (r"meta.?ai|imagined with ai", "Meta"),
    (r"titan.?image|nova.?canvas|amazon|bedrock", "Amazon"),
    (r"seedream|dreamina|tiktok|bytedance|doubao", "ByteDance"),
    (r"qwen|alibaba|tongyi", "Alibaba"),
    (r"canva", "Canva"),
    (r"shutterstock", "Shutterstock"),
    (r"getty", "Getty Images"),
    (r"samsung", "Samsung"),
)
"""What a program or signer is called, in lower case -> who that is; the first that fits counts."""
TRAINED: Final = re.compile(r"trainedAlgorithmicMedia", re.IGNORECASE)
"""How the IPTC calls what a generator made, alone or as a part of something else."""
_PROGRAMS: Final = re.compile(
    r"novelai|midjourney|stable.?diffusion|comfyui|invokeai|fooocus|dall[-·.]?e\b|firefly|swarmui"
    r"|gpt-?image|draw things|easy diffusion|made with google ai|imagen \d|ideogram|leonardo\.ai",
    re.IGNORECASE,
)


def is_generator(text: str) -> bool:
    """Tell whether a text names a program that makes pictures from words and does nothing else."""
    return _PROGRAMS.search(text) is not None


def maker_of(text: str) -> str:
    """Return who stands behind a program or signer, "" for one that is not known."""
    return next((maker for how, maker in _MAKERS if re.search(how, text, re.IGNORECASE)), "")


def generator(program: str, *others: str) -> str:
    """Return what made a picture: the program, with its maker where that does not say it.

    `others` are further texts that the maker may be known from.
    """
    maker = next(filter(None, map(maker_of, (program, *others))), "")
    if not program or not maker or maker.casefold() in program.casefold().replace("_", " "):
        return program or maker
    return f"{maker}, {program}"
