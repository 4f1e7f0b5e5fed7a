"""The life of three versions, told against any registry."""

from support.lifecycle_world import shuffled
from support.trained_world import trained


def aliases(team):
    """Who is who, by number."""
    found = {alias: team.version(alias) for alias in ("champion", "challenger", "previous")}
    return {alias: one.number for alias, one in found.items() if one is not None}


def tell(team):
    """Promote, refuse, force, roll back, promote again: who is who after each step, and the answers."""
    told = {}

    def step(name, answer=None):
        told[name] = answer, aliases(team)

    team.train(trained())
    step("trained")
    step("first", team.run("promote"))
    team.train(shuffled())
    step("refused", team.run("promote", "--json"))
    step("forced", team.run("promote", "--force", "--reason", "the board wants it"))
    step("rolled back", team.run("rollback", "--reason", "grades fell apart"))
    team.train(trained())
    step("again", team.run("promote"))
    return told


def check_story(told):
    """The aliases moved only when the gate passed or was overruled."""
    assert [(answer.code if answer else None, who) for answer, who in told.values()] == [
        (None, {"challenger": 1}),
        (0, {"champion": 1}),
        (10, {"champion": 1, "challenger": 2}),
        (0, {"champion": 2, "previous": 1}),
        (0, {"champion": 1}),
        (0, {"champion": 3, "previous": 1}),
    ]
