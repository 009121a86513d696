"""What faces and films are trained on, and what is wrong with them."""
