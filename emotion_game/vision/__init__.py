"""From pixels to probabilities: cameras, face detection, the crop and the classifier."""
