"""The mathematics of the multilayer perceptron, every formula written once.

One file is one formula; a folder is a family, and whatever lies in the folder is registered. A formula is
a pure function of arrays and numbers whose array namespace ``xp`` is handed in: no allocation, no state,
no library import. What is read here is what runs, in NumPy and (generated from these lines) in native code.
"""
