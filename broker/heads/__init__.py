"""The journal's end leaves the house each day, signed: on the backup medium, by mail, as a code."""
