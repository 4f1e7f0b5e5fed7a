"""Counting what became of the outcomes of a bucket's leads, and of the rows that tell their closes."""

import polars as pl

from features import asof
from features.closes import UNKNOWN, Outcomes
from features.endings import called_after_close, called_at_age
from features.staging.staging import orders_with_owner
from pipeline.config.config import Config
from pipeline.config.undated import has_final_outcome
from pipeline.intake.orders import are_orders, with_order_days
from pipeline.intake.outcomes import close_rule, label_tables, outcomes_of
from pipeline.intake.staged_tables import Tables, stage
from pipeline.intake.unused_rows import UNUSED

# Ends of the ages at which it is looked whether winners alone are called.
AGES_DAYS = (1, 3, 7, 14, 30, 60, 90, 180, 365)


def counts_of_bucket(tables: Tables, config: Config) -> dict[str, int]:
    """The counts of a bucket's leads, and of the rows that close them."""
    if config.flat:
        won = tables["leads"].select(close_rule(config).won).to_series()
        return {"leads": len(won), "used": int(won.sum() or 0), "no_outcome": won.null_count()}
    told, tables = tables, with_order_days(tables, config.timezone)
    staged = stage(config, label_tables(config, tables), ())
    found = outcomes_of(config, staged, tables.get(UNUSED))
    called: dict[str, int] = {}
    if has_final_outcome(config) and "calls" in tables:
        calls = stage(config, {"leads": tables["leads"], "calls": tables["calls"]}, ())["calls"]
        called = _called(config, staged["leads"], calls, found)
    counted = _leads(staged, found) | _rows(config, tables, staged, found)
    counted |= called | {"reopened": _reopened(config, staged, found)}
    if config.label.by_orders:
        days = tables["orders"].height - told["orders"].height
        counted |= {"told": counted.get("told", 0) + days, "days": days}
    return counted


def _called(config: Config, leads: pl.DataFrame, calls: pl.DataFrame, found: Outcomes) -> dict[str, int]:
    """What looks as if calls came after closes: by age, and where closes have dates after these."""
    closed, since = called_after_close(leads, calls, found, max(config.cohort.days))
    counted = {"closed_early": closed, "called_since": since}
    for age, called, won in called_at_age(leads, calls, found, AGES_DAYS).rows():
        counted |= {f"called_by_{age}": called, f"won_called_by_{age}": won}
    return counted


def _leads(staged: Tables, found: Outcomes) -> dict[str, int]:
    leads = found.leads.join(staged["leads"].select("lead_id", "created_at"), on="lead_id")
    early = asof.known(pl.col("closed_at"), pl.col("created_at")).fill_null(value=False)
    lost = pl.col("lost_at").is_not_null() & pl.col("closed_at").is_null()
    return {
        "leads": leads.height,
        "unknown": int(leads[UNKNOWN].sum()),
        "before_creation": int(leads.select(early.sum()).item()),
        "lost": int(leads.select(lost.sum()).item()),
    }


def _reopened(config: Config, staged: Tables, found: Outcomes) -> int:
    back = found.away.drop_nulls("until")
    if config.label.undone == "no_close":  # spans in which a lead was won are among them
        won = staged["stages"].filter(pl.col("stage").is_in(list(config.label.won_stages)))
        back = back.join(won, left_on=["lead_id", "since"], right_on=["lead_id", "known_at"], how="anti")
    return back["lead_id"].n_unique()


def _rows(config: Config, tables: Tables, staged: Tables, found: Outcomes) -> dict[str, int]:
    closed = found.leads["closed_at"].count()
    early = _leads(staged, found)["before_creation"]
    used = {"used": int(closed) - early}
    match config.label.close:
        case "first_order":
            return used | _orders(tables, staged, found, int(closed))
        case "next_order":
            return _orders_of_customers(tables, staged, found)
        case "won_stage":
            return used | _won_stages(config, staged, found, int(closed))
        case _:
            rule = close_rule(config)
            won = int(staged["leads"].select(rule.won).to_series().sum() or 0)
            if not rule.is_final:
                return used | {"without_date": won - int(closed)}
            return {"used": won - early, "undated": 0 if rule.closed_at is None else won - int(closed)}


def _won_stages(config: Config, staged: Tables, found: Outcomes, closed: int) -> dict[str, int]:
    stages = staged["stages"].join(staged["leads"], on="lead_id", how="semi")
    is_won = pl.col("stage").is_in(list(config.label.won_stages))
    won, newest = stages.filter(is_won), stages.unique("lead_id", keep="last", maintain_order=True)
    of_closed = won.join(found.leads.drop_nulls("closed_at"), on="lead_id", how="semi").height
    return {
        "further": of_closed - closed,
        "no_close": won.height - of_closed,
        "undone": newest.filter(~is_won).join(won, on="lead_id", how="semi").height,
    }


def _orders(tables: Tables, staged: Tables, found: Outcomes, closed: int) -> dict[str, int]:
    leads, orders = staged["leads"], staged["closing_orders"]
    mine = orders.join(leads, on="lead_id", how="semi")
    strange = orders.filter("unknown_lead") if "unknown_lead" in orders.columns else orders.head(0)
    under_unknown = strange.join(leads, on="owner_id", how="semi").height
    no_lead = staged["orders"].filter("is_order", pl.col("lead_id").is_null())
    no_lead = no_lead.join(leads, on="owner_id", how="semi")
    told = mine.select("lead_id", pl.col("known_at").alias("closed_at"))
    direct = found.leads.join(told, on=["lead_id", "closed_at"], how="semi").height
    counted = mine.height + under_unknown + no_lead.height
    told_here = _told_here(tables, leads)
    further = told_here.filter("further_lead") if "further_lead" in told_here.columns else told_here.head(0)
    return {
        "told": further.height,  # the other lead of an order is counted for itself
        "by_customer": closed - direct,
        "further": mine.height - direct,
        "no_lead": no_lead.height,
        "no_open_lead": under_unknown - (closed - direct),
        "lines": told_here.height - counted,
    }


def _orders_of_customers(tables: Tables, staged: Tables, found: Outcomes) -> dict[str, int]:
    leads = staged["leads"]
    used = staged["orders"].filter("is_order").join(leads, on="owner_id", how="semi")
    orders = orders_with_owner(tables["orders"], leads)
    told = orders.filter(are_orders(orders)).join(leads, on="owner_id", how="semi")
    again = found.leads.head(0) if found.again is None else found.again.filter(~pl.col("usable"))
    return {
        "used": used.height,
        "lines": told.height - used.height,
        "doubtful": again["lead_id"].n_unique(),
    }


def _told_here(tables: Tables, leads: pl.DataFrame) -> pl.DataFrame:
    """The rows of a bucket's orders that tell a close, of leads and customers that live in it."""
    orders = orders_with_owner(tables["orders"], leads)
    told = orders.filter(are_orders(orders))
    of_nobody = pl.col("lead_id").is_null()
    if "unknown_lead" in orders.columns:
        of_nobody |= pl.col("unknown_lead")
    named = told.filter(~of_nobody).join(leads, on="lead_id", how="semi")
    return pl.concat([named, told.filter(of_nobody).join(leads, on="owner_id", how="semi")])
