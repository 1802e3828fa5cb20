"""What layers compute beside products, sums and activations, each with its derivatives; one file for each layer.

In these files x is the layer's input, g the error of its output, ∂L/∂output, and what is learnt is called as in the
layer.
"""
