"""The neural networks: what each takes and gives, and the engine that runs them."""
