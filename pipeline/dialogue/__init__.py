"""From the turns of a call, in their order, to its counts: questions, replies, invitations, the script.

In go turns with their sides, and what tells the families of intents; out comes a row of counts for each
call. What scorers were taught with by former rules stays in ``former``.

Read ``counts`` first.
"""
