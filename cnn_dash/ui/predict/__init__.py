"""The Predict page: canvas, upload, answer."""
