"""A busy day lived through fast, while what each program holds is watched."""
