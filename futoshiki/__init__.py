"""Solve a Futoshiki from a photo.

    >>> import futoshiki
    >>> result = futoshiki.solve_image("samples/newspaper.jpg")
    >>> result.status
    'solved'

The public names are listed once, in `__init__.pyi`. Each is loaded when it is first used, so importing the package costs
next to nothing.
"""

import lazy_loader

__version__ = "0.2.0"
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
