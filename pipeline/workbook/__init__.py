"""The workbook that a salesperson opens in the morning: what it shows, and how it looks.

In go graded leads, what the team shows of each, and the last list; out comes an Excel file in Chinese, in
English or in both.
Read ``sheet`` first.
"""
