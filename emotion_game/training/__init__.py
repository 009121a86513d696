"""The Keras side tower: data, networks, fitting, evaluation and export.

Nothing that plays imports this package; it needs the extra ``train`` (TensorFlow).
"""
