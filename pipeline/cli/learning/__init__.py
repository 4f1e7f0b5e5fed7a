"""Verbs that learn, compare and decide: train, backtest, compare, record, promote, rollback, intents.

In go arguments; out come lines and tables on the screen.

Read ``train`` first.
"""
