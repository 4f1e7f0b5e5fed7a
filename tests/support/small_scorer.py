"""A scorer trained on a small simulated world, and its files."""

import hashlib
import json

import numpy as np
import pandas as pd
from support.hazard_world import World, simulate

from models.calibration.hazard_calibration import HazardCalibration
from models.close.close_model import CloseModel
from models.close.rfm import learn_rfm_edges
from models.grades.policy import GradePolicy
from models.scorer import LeadScorer

HORIZONS = ("30d", "90d", "180d")


def with_orders(world: World) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    orders = rng.poisson(0.8, len(world.features)).astype(float)
    bought = orders > 0
    return world.features.assign(
        lead_id=world.lead_ids,
        as_of=pd.Timestamp("2024-06-01", tz="UTC"),
        orders_total=orders,
        days_since_order=np.where(bought, rng.integers(1, 300, len(orders)), np.nan),
        amount_total=np.where(bought, orders * 100.0, np.nan),
    )


def train(seed: int = 0) -> LeadScorer:
    world = simulate(seed=seed)
    frame, later = with_orders(world), simulate(seed=seed + 50)
    columns = [*world.features.columns, "orders_total", "days_since_order", "amount_total"]
    model = CloseModel(max_trees=30, min_leads_in_leaf=10).fit(frame[columns], world.events)
    raw = model.predict_hazards(with_orders(later)[columns])
    policy = GradePolicy.from_thresholds({"A": ("30d", 0.3), "B": ("90d", 0.3), "C": ("180d", 0.2)}, HORIZONS)
    return LeadScorer(
        name="模拟 team",
        horizons=HORIZONS,
        model=model,
        calibration=HazardCalibration.fit(raw, later.events, np.arange(len(raw)), later.lead_ids),
        policy=policy.learn_promises(["A", "B"] * 900, later.closed, later.lead_ids),
        rfm_edges=learn_rfm_edges(frame),
        data_fingerprint="abc",
        simulation=True,
    )


def rewrite(folder, change):
    state = json.loads((folder / "scorer.json").read_text("utf-8")) | change
    del state["content_sha256"]
    body = json.dumps(state, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    state["content_sha256"] = hashlib.sha256(body.encode()).hexdigest()
    (folder / "scorer.json").write_text(json.dumps(state, sort_keys=True), encoding="utf-8")


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}
