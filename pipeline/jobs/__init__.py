"""What is asked is worked on part by part, on this machine's cores or on Spark, and survives a kill.

In goes a request (a list to be graded, a matrix to be built, sources to be taken in); out come its parts,
each done once.

Read ``parts`` first.
"""
