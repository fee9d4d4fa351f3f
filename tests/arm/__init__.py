"""Does everything work on 64-bit ARM, and say the same as here? `make arm` runs it."""
