"""How often the audit names an agent who inflates grades, and how often it names an honest one.

PYTHONPATH=tests .venv/bin/python -m benchmarks.audit
"""

from support.audited_worlds import graded_world

from pipeline.config.reports import Audit
from pipeline.team.standards import standards

WORLDS = 20


def named(world):
    told = standards(world, Audit())
    return sorted(set(told.loc[told["look_at"] != "", "agent"]))


def main():
    for share in (0.2, 0.3, 0.4):
        planted = [f"agent-{seed % 12:02d}" for seed in range(WORLDS)]
        found = [named(graded_world(seed, who, share)) for seed, who in enumerate(planted)]
        hits = sum(who in names for who, names in zip(planted, found, strict=True))
        others = sum(len(set(names) - {who}) for who, names in zip(planted, found, strict=True))
        print(f"{share:.0%} inflated: named in {hits} of {WORLDS} worlds; others named: {others}")
    clean = [names for seed in range(WORLDS) if (names := named(graded_world(1000 + seed)))]
    print(f"clean worlds: {sum(map(len, clean))} agents named in {WORLDS} worlds")


if __name__ == "__main__":
    main()
