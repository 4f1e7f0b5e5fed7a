"""Demo worlds with planted leaks: what teams really export, each named by the column or event it is."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from pipeline.config.config import read_config
from pipeline.config.shipped import shipped
from pipeline.simulation.world import simulate

# Each leak, and the name that the sentinel must give.
PLANTED = {
    "a number that knows the outcome": "contract_amount",
    "a status as of the export": "status_now",
    "filled in once the lead has closed": "invoice_title",
    "filled in once the lead is lost": "reason_of_loss",
    "written while the lead is worked on": "size_of_team",
    "a field of facts seen after the close only": "satisfaction",
    "a value of a fact seen after the close only": "contact_level=customer",
    "a stage just before the close": "stage=合同用印",
    "an activity just before the close": "activity=deposit",
}

ATTRIBUTES = {
    "contract_amount": {"kind": "numeric"},
    "status_now": {},
    "invoice_title": {"kind": "text"},
    "reason_of_loss": {},
    "size_of_team": {"kind": "numeric"},
    "satisfaction": {"known": "dated"},
}


@dataclass(frozen=True)
class Fates:
    """Per lead, in the order of the list: when it was created, closed and lost (missing: it was not)."""

    created: pd.Series
    closed: pd.Series
    lost: pd.Series


def fates_of(world):
    names = world.leads["lead_id"]
    closed = world.orders.dropna(subset="lead_id").groupby("lead_id")["ordered_at"].min()
    lost = world.stages[world.stages["stage"] == "流失"].groupby("lead_id")["entered_at"].min()
    return Fates(world.leads["created_at"], names.map(closed), names.map(lost))


def with_leaks(world, seed=0):
    """The world with every leak of ``PLANTED``."""
    fates, rng = fates_of(world), np.random.default_rng([seed, 99])
    # A count that the further calls lack is missing there and whole elsewhere.
    whole = world.calls.astype(dict.fromkeys(world.calls.select_dtypes("integer").columns, "Int64"))
    calls = pd.concat([whole, _deposits(world, fates, rng)], ignore_index=True)
    stages = pd.concat([world.stages, _sealing(world, fates, rng)], ignore_index=True)
    facts = pd.concat([world.facts, *_after_close(world, fates, rng)], ignore_index=True)
    return replace(world, leads=_leads(world, fates, rng), calls=calls, stages=stages, facts=facts)


def write_config(folder, world, attributes=None, **overrides):
    """Write the world and read the demo's configuration for it, with further attributes."""
    world.write(folder / "data")
    plain = read_config(shipped("demo.yaml"))
    own = {name: spec.model_dump() for name, spec in plain.attributes.items()} | (attributes or {})
    places = {"data_dir": str(folder / "data"), "output_dir": str(folder / "out")}
    return read_config(shipped("demo.yaml"), {**places, "schemes": [], "attributes": own, **overrides})


def planted_config(folder, n_leads, seed, **overrides):
    world = with_leaks(simulate(n_leads, seed), seed)
    return write_config(folder, world, ATTRIBUTES, **overrides)


def _leads(world, fates, rng):
    n = len(world.leads)
    won, lost = fates.closed.notna().to_numpy(), fates.lost.notna().to_numpy()
    # Written at some time after the creation, while somebody still works on the lead.
    end = fates.closed.fillna(fates.lost).fillna(world.end)
    written = fates.created + pd.to_timedelta(rng.exponential(120.0, n), unit="D")
    return world.leads.assign(
        contract_amount=np.rint(np.exp(rng.normal(10.0, 0.6, n) + 1.5 * won)),
        status_now=np.select([won, lost], ["signed", "dead"], "following"),
        invoice_title=np.where(won & (rng.random(n) < 0.7), "SIM invoice", None),
        reason_of_loss=np.where(lost & (rng.random(n) < 0.5), rng.choice(["price", "rival"], n), None),
        size_of_team=np.where(written < end, rng.integers(1, 40, n), np.nan),
    )


def _after_close(world, fates, rng):
    """A field, and a value of a field that open leads have too, entered some days after the close."""
    for field, values, share in (
        ("satisfaction", ["high", "low"], 0.6),
        ("contact_level", ["customer"], 0.6),
    ):
        on = fates.closed.notna().to_numpy() & (rng.random(len(fates.closed)) < share)
        later = fates.closed[on] + pd.to_timedelta(rng.integers(1, 20, on.sum()), unit="D")
        names = world.leads.loc[on, "lead_id"]
        told = pd.DataFrame(
            {"lead_id": names, "known_at": later, "field": field, "value": rng.choice(values, on.sum())}
        )
        yield told[told["known_at"] < world.end]


def _sealing(world, fates, rng):
    at, on = _shortly_before(fates, rng, 0.95)
    return pd.DataFrame({"lead_id": world.leads.loc[on, "lead_id"], "entered_at": at, "stage": "合同用印"})


def _deposits(world, fates, rng):
    at, on = _shortly_before(fates, rng, 0.9)
    names = world.leads.loc[on, "lead_id"]
    return pd.DataFrame(
        {
            "call_id": "SIM-D" + names.str.removeprefix("SIM-"),
            "lead_id": names,
            "agent_id": "agent-01",
            "started_at": at,
            "duration": 60,
            "direction": "呼出",
            "status": "接通",
            "activity": "deposit",
        }
    )


def _shortly_before(fates, rng, share):
    """Some hours before most closes, never before the creation."""
    hours = pd.to_timedelta(rng.integers(1, 20 * 3600, len(fates.closed)), unit="s")
    at = (fates.closed - hours).where(fates.closed - hours > fates.created)
    on = at.notna() & (rng.random(len(at)) < share)
    return at[on], on
