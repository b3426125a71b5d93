"""The components as template tags, one file per family; templatetags/ui.py gathers them."""
