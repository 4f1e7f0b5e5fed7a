"""What the close model is measured against, in the same suit: ``fit`` and ``predict_proba`` over windows.

In go the same features and events; out come hazards of a CRM's naive Bayes, of plain models and of a rule
scheme's labels.

Read ``plain_models`` first.
"""
