"""Golden files: what writes them is no test, and of the version that wrote them."""

collect_ignore = ["make.py"]
