"""A simulated world as a CRM's export has it: deals with won or not, calls by contact, no dates of closes.

Chinese headers, date and time of day in two columns, money as text, several deals for some contacts. The
dates of the closes are kept aside, for a judge.
"""

from dataclasses import dataclass

import pandas as pd
import yaml

from pipeline.simulation.world import TIMEZONE, simulate

HORIZON = 180

# What a team would write; every run of these worlds is by this text, with the label that is asked about.
CONFIG = """
name: real_export
simulation: true
timezone: Asia/Shanghai
currency: CNY
output_dir: out
sources:
  leads:
    path: 商机.csv
    exported_at: 2026-07-01
    columns: {lead_id: 商机编号, customer_id: 联系人编号, created_at: [创建日期, 创建时间], channel: 来源,
      region: 地区, industry: 行业, company_size: 规模, budget: 预算, won: 是否成交}
  calls:
    path: 通话.csv
    exported_at: 2026-07-01
    columns: {customer_id: 联系人编号, started_at: [日期, 时间], duration: 时长, direction: 方向,
      status: 状态, agent_id: 坐席, questions: 提问数, intent_questions: 意向提问数, refusals: 拒绝数}
    values: {direction: {呼出: outbound, 呼入: inbound}, status: {总机: switchboard, 传真: fax}}
attributes:
  channel: {}
  region: {}
  industry: {}
  company_size: {}
  budget: {kind: numeric}
label: {close: outcome, column: won, won_values: [是]%s}
cohort: {at: after_creation, days: [%d]}
horizons_days: [180]
grades: {A: {by_days: 180, at_least: 0.5}, B: {by_days: 180, at_least: 0.3}, C: {by_days: 180, at_least: 0.1}}
model: {threads: 1%s}
"""
DATED = ", closed_at: 成交时间"


@dataclass(frozen=True)
class Export:
    """A world's deals and calls as they are written, and when deals closed in truth, in UTC."""

    deals: pd.DataFrame
    calls: pd.DataFrame
    closed_at: pd.Series

    def write(self, folder, days, *, dates=None, after_sale=0.0, model=""):
        """Write the export; says where its configuration is.

        Args:
            folder: where to.
            days: how long after their creation deals are looked at.
            dates: the share of the won whose date of the close is told; none has the column.
            after_sale: the share of the buyers who are called ten and twenty days later.
            model: further settings of the model.
        """
        folder.mkdir(parents=True, exist_ok=True)
        deals = self.deals
        if dates is not None:
            local = self.closed_at.dt.tz_convert(TIMEZONE).dt.strftime("%Y-%m-%d %H:%M:%S")
            told = local.sample(frac=dates, random_state=1)
            deals = deals.assign(成交时间=deals["商机编号"].map(told))
        deals.to_csv(folder / "商机.csv", index=False)
        (self._with_calls_after_the_sale(after_sale) if after_sale else self.calls).to_csv(
            folder / "通话.csv", index=False
        )
        path = folder / "team.yaml"
        text = CONFIG % (DATED if dates is not None else "", days, model)
        assert yaml.safe_load(text)
        path.write_text(text, encoding="utf-8")
        return path

    def _with_calls_after_the_sale(self, share):
        """Two calls of some buyers, as such calls are: of the length and status that calls have."""
        added = []
        contacts = self.deals.set_index("商机编号")["联系人编号"]
        for after in (10, 20):
            called = self.closed_at.sample(frac=share, random_state=2)
            at = (called + pd.Timedelta(days=after)).dt.tz_convert(TIMEZONE)
            at = at[at < pd.Timestamp("2026-06-30", tz=TIMEZONE)]
            like = self.calls.sample(len(at), random_state=after, replace=True).reset_index(drop=True)
            like["联系人编号"] = contacts.loc[at.index].to_numpy()
            like["日期"], like["时间"] = (
                at.dt.strftime("%Y/%m/%d").to_numpy(),
                at.dt.strftime("%H:%M:%S").to_numpy(),
            )
            added.append(like)
        return pd.concat([self.calls, *added], ignore_index=True)


def export_of(n_leads, seed):
    """The export of a world."""
    world = simulate(n_leads, seed)
    first = world.orders.dropna(subset=["lead_id"]).groupby("lead_id")["ordered_at"].min()
    leads = world.leads
    contacts = leads.set_index("lead_id")["customer_id"]
    deals = pd.DataFrame(
        {
            "商机编号": leads["lead_id"],
            "联系人编号": leads["customer_id"],
            "创建日期": leads["created_at"].dt.strftime("%Y/%m/%d"),
            "创建时间": leads["created_at"].dt.strftime("%H:%M:%S"),
            "来源": leads["channel"],
            "地区": leads["region"],
            "行业": leads["industry"],
            "规模": leads["company_size"],
            "预算": [_money(budget, place) for place, budget in enumerate(leads["budget"])],
            "是否成交": leads["lead_id"].isin(first.index).map({True: "是", False: "否"}),
        }
    )
    calls = world.calls
    log = pd.DataFrame(
        {
            "联系人编号": calls["lead_id"].map(contacts),
            "日期": calls["started_at"].dt.strftime("%Y/%m/%d"),
            "时间": calls["started_at"].dt.strftime("%H:%M:%S"),
            "时长": [f"{s // 60}分{s % 60}秒" for s in calls["duration"]],
            "方向": calls["direction"],
            "状态": calls["status"],
            "坐席": calls["agent_id"],
            "提问数": calls["questions"],
            "意向提问数": calls["intent_questions"],
            "拒绝数": calls["refusals"],
        }
    )
    return Export(deals, log, first.dt.tz_localize(TIMEZONE).dt.tz_convert("UTC"))


def _money(amount, place):
    """¥18,000.00 and 1.8万, by turns, as people type it."""
    if pd.isna(amount):
        return ""
    return f"¥{amount:,.2f}" if place % 2 else f"{amount / 10_000:g}万"
