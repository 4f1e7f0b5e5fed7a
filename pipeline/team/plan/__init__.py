"""The call plan: who is called on the next working day, when, by whom and why, and why all others are not.

In go graded leads, their calls and promises, and the rules; out come a day of calls for each agent, the leads
that are held back with their reasons, and the robot's two lists.
Read ``standing.py`` first, then ``call_plan.py``.
"""
