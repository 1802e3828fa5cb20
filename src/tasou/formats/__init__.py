"""How a model lies in a file: a strict safetensors container, a closed schema, an atomic write.

A model file *is* a safetensors file, so any safetensors tool reads its arrays; our rules on top are stricter
(`safetensors`), say what the JSON beside the arrays may hold (`schema`), and seal the whole with a checksum
(`model_file`). Nothing in a file is ever executed.
"""
