"""The demo: Musterdaten on real boundaries, and open data of two cities."""

from atlas.demo.build import DemoFiles, Progress, build_demo

__all__ = ["DemoFiles", "Progress", "build_demo"]
