"""What is that knowledge worth: probability, grade, value."""
