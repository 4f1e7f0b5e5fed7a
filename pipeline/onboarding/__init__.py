"""From the files that a team has to a configuration: what is read and how, what a close is, what is unsure.

In go files and the tables that they are taken for; out comes a ``Proposal``, and a YAML file that says why.

Read ``proposal`` first.
"""
