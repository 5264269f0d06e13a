"""Service managers that only note what they are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from unexposed_service.commands import Ran

Answer = Ran | Callable[[], Ran]


class Fake:
    """Runs nothing. An answer is looked up by the longest beginning of the command that has one."""

    def __init__(self, answers: dict[str, Answer] | None = None) -> None:
        self.answers: dict[str, Answer] = answers or {}
        self.asked: list[str] = []
        self.shown: list[str] = []

    def __call__(self, command: Sequence[str], *, show: bool = False) -> Ran:
        line = " ".join(command)
        (self.shown if show else self.asked).append(line)
        fitting = [beginning for beginning in self.answers if line.startswith(beginning)]
        answer = self.answers[max(fitting, key=len)] if fitting else Ran(0)
        return answer() if callable(answer) else answer

    def orders(self, *, besides: str) -> list[str]:
        """What was asked for, without the questions that begin with `besides`."""
        return [line for line in self.asked if not line.startswith(besides)]
