"""The close model: when a lead closes, and for how much.

In goes a frame of features with the events of each window at risk; out come hazards per window, the expected
amount of a closing order, and RFM levels. LightGBM is trained here.

Read ``close_model`` first.
"""
