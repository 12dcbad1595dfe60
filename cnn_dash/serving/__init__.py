"""The network of one run behind HTTP, without the dashboard: `python -m cnn_dash serve RUN`.

`app` has the routes, `request_body` reads what they are sent, and `batching` lets requests that arrive
together share a batch.
"""
