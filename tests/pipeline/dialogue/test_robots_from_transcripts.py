"""A log of transcripts alone is enough for the schemes of call robots: nothing that they read is missing."""

import json

import pandas as pd
import pytest
from support.command import leadgrade

STEPS = ["请问您现在方便说话吗", ["您之前做过嫩肤吗", "以前做过光子嫩肤吗"], "帮您约这周到店可以吗"]
CONFIG = {
    "name": "x",
    "sources": {"leads": {"path": "leads.csv"}, "calls": {"path": "calls.csv"}},
    "label": {"close": "first_order", "observed_until": "2024-06-01"},
    "schemes": ["robot_intent", "robot_dialogue", "robot_flow"],
}
WALKED = (
    "坐席：您好，请问您现在方便说话吗？\n客户：方便，你说\n坐席：您以前做过光子嫩肤吗？\n客户：做过，多少钱一次\n"
    "坐席：三百。帮您约这周到店，可以吗？\n客户：可以，周六吧"
)
REFUSED = "坐席：您好，请问您现在方便说话吗？\n客户：不需要\n坐席：很便宜的\n客户：真不需要"


@pytest.fixture
def log(tmp_path):
    """Writes a log of two calls with transcripts, and gives back its configuration's path."""

    def write(intents):
        ids = ["L0", "L1"]
        leads = pd.DataFrame({"lead_id": ids, "created_at": "2024-01-01"})
        leads.to_csv(tmp_path / "leads.csv", index=False)
        calls = {
            "call_id": ids,
            "lead_id": ids,
            "started_at": "2024-01-02",
            "duration": 60,
        }
        pd.DataFrame({**calls, "transcript": [WALKED, REFUSED]}).to_csv(tmp_path / "calls.csv", index=False)
        path = tmp_path / "c.json.yaml"
        path.write_text(json.dumps(CONFIG | {"intents": intents}, ensure_ascii=False), "utf-8")
        return path

    return write


def available(path):
    answer = leadgrade("schemes", "--config", path)
    assert answer.code == 0, answer.err
    lines = (line.split() for line in answer.out.splitlines() if line.startswith("robot_"))
    return {words[0] for words in lines if words[-1] == "yes"}


def test_all_three_robots_run_from_transcripts_with_the_script(log):
    assert available(log({"flow": STEPS})) == {"robot_intent", "robot_dialogue", "robot_flow"}
    assert available(log({})) == {"robot_intent", "robot_dialogue"}


def test_former_rules_hear_no_replies_and_no_script(log):
    assert available(log({"flow": STEPS, "version": 4})) == {"robot_intent"}
