"""tasou (多層, "many layers"): the multilayer perceptron done completely."""

__version__ = "0.1.0"
