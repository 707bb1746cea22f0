"""Types of arrays, by what they hold; which axis is what is said where they are used."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Mask = NDArray[np.bool_]
#: Real, or complex where gains are transfer functions.
Numbers = NDArray[np.float64] | NDArray[np.complex128]
