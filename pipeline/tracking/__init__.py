"""MLflow and saved scorers: runs, the registry, who is champion, and how a scorer is served.

In go trainings and their files; out come runs, versions and the scorer that a list is graded by.

Read ``champion`` first.
"""
