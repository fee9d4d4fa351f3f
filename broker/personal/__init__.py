"""What the hub keeps of one person: found, told to him, corrected, copied, erased."""
