"""Speed and memory beside scikit-learn, PyTorch and JAX; run it with scripts/bench."""
