"""Where features and models meet the world: files, configuration, MLflow, the command line.

The folders stand in the order of a row's journey: ``files``, ``values``, ``reading`` and ``transcripts`` make
rows of cells; ``intake`` lays them into buckets; ``matrix`` and ``schemes`` build what is learned from and
graded; ``scoring`` and ``jobs`` grade a list, ``fitting``, ``training``, ``evaluation``, ``leaks`` and
``monitoring`` learn and judge; ``report``, ``tracking``, ``commands`` and ``cli`` show and keep it.

Read ``commands.score`` first.
"""
