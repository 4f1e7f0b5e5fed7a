"""A flat list of 700 leads with two columns, which trains in a second."""

import numpy as np
import pandas as pd

CONFIG = """
name: tiny
flat: true
data_dir: .
output_dir: {out}
sources: {{leads: {{path: {leads}}}}}
attributes: {{x: {{kind: numeric}}, z: {{kind: numeric}}}}
label: {{close: outcome, column: y}}
schemes: [own.yaml]
grades: {{A: {{at_least: 0.5}}}}
model: {{threads: 1, max_trees: 20, learning_rate: 0.1, min_leads_in_leaf: 10}}

"""


SCHEME = """
id: own
name: {en: own, zh: 自有}
scope: {en: all, zh: 全部}
use: grade
ordered: true
labels:
  A: &one
    name: {en: a, zh: 甲}
    playbook: {action: {en: call, zh: 打}, cadence_days: 1, channel: phone}
  B: *one
rules: [{label: A, when: x > 0}]
default: B
"""


def tiny_in(folder, out="out", leads="list.csv"):
    rng = np.random.default_rng(3)
    x, z = rng.normal(size=(2, 700))
    won = np.where(rng.random(700) < 1.0 / (1.0 + np.exp(1.0 - 2.0 * x)), "yes", "no")
    listed = pd.DataFrame({"lead_id": [f"T{i}" for i in range(700)], "x": x, "z": z, "y": won})
    path = folder / leads
    path.parent.mkdir(parents=True, exist_ok=True)
    if leads.endswith(".parquet"):
        path.mkdir()
        listed.to_parquet(path / "0.parquet", index=False)
    else:
        listed.to_csv(path, index=False)
    (folder / "own.yaml").write_text(SCHEME, encoding="utf-8")
    (folder / "tiny.yaml").write_text(CONFIG.format(out=out, leads=leads), encoding="utf-8")
    return folder / "tiny.yaml"
