"""Training, evaluation and export of the models; nothing that plays imports it.

Needs the extra ``train``. Importing it settles, before Keras or TensorFlow is imported, that Keras
runs on TensorFlow (the pictures come through tf.data) and that TensorFlow logs only faults.
"""

import logging
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
logging.getLogger("tensorflow").setLevel(logging.ERROR)
logging.getLogger("absl").setLevel(logging.ERROR)
if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow":
    logging.getLogger(__name__).warning(
        "KERAS_BACKEND=%s is passed over: the training runs on TensorFlow.",
        os.environ["KERAS_BACKEND"],
    )
# Also over what ~/.keras/keras.json says.
os.environ["KERAS_BACKEND"] = "tensorflow"
