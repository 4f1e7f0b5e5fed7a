"""What did we know about this lead at that instant."""
