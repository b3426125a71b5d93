"""Fifty points by which Glede is judged beside others: each measured anew, with its figure and a verdict.

``make checklist`` prints them; docs/checklist.md tells them in words. A point is a function in the module of its group.
"""
