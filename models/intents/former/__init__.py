"""The lexicons and the spelling of former versions of hearing, which scorers in use were taught with: never changed.

Read ``models.intents.versions`` first.
"""
