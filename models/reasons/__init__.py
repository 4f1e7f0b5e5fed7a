"""Why a lead has its score, in words of two languages.

In go a model's exact contributions and the meanings of features; out come at most so many reasons each way,
no thing said twice.

Read ``reason_texts`` first.
"""
