"""Who calls, without names: a reference knows agents by pseudonyms, the team's own screen by name."""

import re
from collections.abc import Iterable
from dataclasses import replace

from models.drift.reference import Reference
from pipeline import terminal
from pipeline.config.config import Config
from pipeline.language.sentence import Sentence
from pipeline.people.key import PSEUDONYM, find_key, key_path, pseudonym
from pipeline.privacy import mask_id

OF_CALLER = "calls of "


class Callers:
    """What stands for agents' names; remembers whose names those were.

    Args:
        key: the team's; without one, as for scorers from before there were keys, names are masked.

    >>> callers = Callers(b"the team's")
    >>> callers("Li Lei"), callers.readable("calls of pc713698abee7cbdb8836")
    ('pc713698abee7cbdb8836', 'calls of Li Lei')
    >>> Callers(None)("Li Lei")
    'L**'
    """

    def __init__(self, key: bytes | None) -> None:
        self._key = key
        self.names: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """The word for an agent."""
        if self._key is None:
            return mask_id(name)
        word = pseudonym(self._key, name)
        self.names[word] = name
        return word

    def readable(self, source: str) -> str:
        """A source's name with that of the agent, for the team's own eyes."""
        name = self.names.get(source.removeprefix(OF_CALLER))
        return source if name is None else f"{OF_CALLER}{name}"

    def words(self, sources: Iterable[str]) -> list[Sentence]:
        """By which words the agents of some sources stand in all that is kept, a line each."""
        found = sorted({source.removeprefix(OF_CALLER) for source in sources} & self.names.keys())
        return [
            Sentence("{agent} stands as {word} in all that is kept", agent=self.names[word], word=word)
            for word in found
        ]


def callers_of(config: Config, reference: Reference) -> tuple[Callers, Reference]:
    """What agents are called in a reference, and what of it can be compared.

    Without the team's key nobody can be told by pseudonyms: then agents are left out, which is said.
    """
    keyed = [name for name in reference.sources if re.fullmatch(OF_CALLER + PSEUDONYM, name)]
    if not keyed:
        return Callers(None), reference
    key = find_key(config)
    if key is not None:
        return Callers(key), reference
    terminal.note(
        Sentence(
            "{path}: the key for agents' names is not there: the calls of {agents} agents are "
            "not compared; copy it from where the scorer was trained, or train again",
            path=key_path(config),
            agents=len(keyed),
        )
    )
    rest = {name: one for name, one in reference.sources.items() if name not in keyed}
    return Callers(None), replace(reference, sources=rest)
