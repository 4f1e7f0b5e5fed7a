"""What is that knowledge worth: probability, grade, value."""

import os

# LightGBM's threads wait for each other many times per tree. Waiting busily, as OpenMP's default is, made
# training nine times slower on a machine with other work; asleep they cost nothing. Read when LightGBM loads.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
