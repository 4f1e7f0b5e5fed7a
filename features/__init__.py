"""What did we know about this lead at that instant.

In go canonical tables; out comes the as-of matrix, with labels for the past. The journey goes from ``tables``
(contracts) over ``staging`` (dated and ordered) to ``matrix`` (one row per lead and as-of), whose columns the
``families`` declare; ``schemes`` grade its rows by a team's own rules. Times are compared in ``asof`` and
nowhere else.

Read ``asof`` first, then ``feature``.
"""
