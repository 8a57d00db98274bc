"""What full TensorRT and TensorRT-RTX have in common: plans, their cache, and running them.

Nothing of NVIDIA is imported before an engine or a plan is asked for.
"""
