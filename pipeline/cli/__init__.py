"""The command line: one file a verb, which reads the arguments, runs the command and shows what came out.

``app`` names every verb in a line; heavy imports happen inside the verbs, so that --help is quick.

Read ``app`` first.
"""
