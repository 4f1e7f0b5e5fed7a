"""What people read, in English and in Chinese: one catalogue of sentences.

In goes an English sentence as it stands in the code, with its values in braces; out comes the same sentence
in the reader's language. The Chinese ones stand in ``zh/*.po``, one file a subject, which any gettext editor
opens.
Read ``catalogue.py`` first.
"""
