"""What a customer's words mean: twenty families of intents, and what recognises them.

In go utterances; out come families, by a lexicon written by hand or by a recogniser fitted on a team's own
labelled utterances.

Read ``families`` first.
"""
