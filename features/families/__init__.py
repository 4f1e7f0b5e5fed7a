"""What was known about a lead, family by family: each declares its features over the staged tables.

In go nothing but declarations: a value, a reducer, a window, an empty value, a meaning in English and
Chinese (``features.feature``). Out come tuples of ``Feature`` that ``features.catalog`` puts in order.

Read ``recency`` first.
"""
