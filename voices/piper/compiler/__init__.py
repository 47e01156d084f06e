"""Rewrite a Piper voice's graph so that it runs faster on this processor.

The only package that imports onnx; speaking never loads it.
"""
