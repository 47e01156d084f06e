"""Line classifier: features of each line and the model that weighs them."""
