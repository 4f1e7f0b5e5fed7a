"""What is that knowledge worth: probability, grade, value.

In go frames of features and what became of the leads; out comes a ``LeadScorer``: hazards (``close``),
calibrated (``calibration``), composed into probabilities, graded (``grades``), with reasons (``reasons``) and
a reference for later (``drift``). ``baselines`` and ``metrics`` say how good that is.

Read ``scorer`` first.
"""

import os

# LightGBM's threads wait for each other many times per tree. Waiting busily, as OpenMP's default is, made
# training nine times slower on a machine with other work; asleep they cost nothing. Read when LightGBM loads.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
