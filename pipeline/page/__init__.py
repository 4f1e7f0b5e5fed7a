"""The page that people open: one HTML file in both languages, with tables and charts, which asks no network.

In go sections of blocks (tables, charts, paragraphs), once per language; out comes the file's text.
Read ``blocks.py`` first, then ``written.py``.
"""
