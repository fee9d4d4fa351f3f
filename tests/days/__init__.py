"""Random days at a sales office, honest and dishonest, and what must hold on every one of them."""
