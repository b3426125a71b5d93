"""What we agreed on, checked by a machine: nobody reviews it (docs/style.md)."""
