"""What the hub keeps of a person: finds it, shows it to them, corrects, copies and erases it."""
