"""Two readers at one gate: what each told of the same cars, held against each other (影子模式)."""
