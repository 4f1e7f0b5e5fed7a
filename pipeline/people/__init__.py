"""People who must not be named: by which keys they are told apart all the same, and which columns name them.

In go names, ids and columns; out come pseudonyms by a key that stays with the team, and the columns that
identify single leads.

Read ``key`` first.
"""
