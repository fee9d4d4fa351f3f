"""The hub as a running program: opens its file, takes messages, sends what follows from them."""
