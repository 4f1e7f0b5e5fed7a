"""What people read of results: tables and pictures.

In go evaluations and monitorings; out come frames with intervals as text and figures.

Read ``tables`` first.
"""
