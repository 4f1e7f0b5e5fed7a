"""A day of one agent: which slots are still free, and how many calls there is room for."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime


class AgentDay:
    """A day that fills up.

    Args:
        name: the agent.
        slots: when calls may begin, in order: as many as the agent makes calls.
        lot: how many of them are kept for leads that are drawn by lot.
    """

    def __init__(self, name: str, slots: Sequence[datetime], lot: int) -> None:
        self.name = name
        self.calls = 0
        self.lot = lot
        self._slots = slots
        # Of each slot the first one from it on that is free; one more than there are stands for none.
        self._free = list(range(len(slots) + 1))

    @property
    def room(self) -> int:
        """How many calls can still be planned, without those that are kept for the lot."""
        return len(self._slots) - self.calls - self.lot

    def keep(self, at: datetime) -> datetime:
        """Plan a promised call at its hour: the slot in which that falls, or the next one, is taken."""
        place = self._find(max(bisect_right(self._slots, at) - 1, 0))
        self._take(place if place < len(self._slots) else self._find(0))
        return at

    def fits(self, not_before: datetime | None) -> datetime | None:
        """The first free slot that is not before an instant."""
        place = self._find(0 if not_before is None else bisect_left(self._slots, not_before))
        return self._slots[place] if place < len(self._slots) else None

    def book(self, slot: datetime, *, by_lot: bool = False) -> datetime:
        """Plan a call in a slot that is free."""
        self._take(bisect_left(self._slots, slot))
        self.lot -= by_lot
        return slot

    def _take(self, place: int) -> None:
        self._free[place] = place + 1
        self.calls += 1

    def _find(self, place: int) -> int:
        root = place
        while self._free[root] != root:
            root = self._free[root]
        while self._free[place] != root:  # so that the next look is short
            self._free[place], place = root, self._free[place]
        return root
