"""Players' colours are told apart, in light and in dark, and by the colour-blind."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest

from backchannel.interface import theme

LEAST_DIFFERENCE = 12.0
"""CIEDE2000. About 1 is just noticed with the colours side by side; the colours of Okabe and Ito reach 11."""
LEAST_CONTRAST = 3.0
"""Of what is drawn with its ground (WCAG 2.1, 1.4.11)."""
VISION = {
    "trichromat": np.eye(3),
    "protanope": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranope": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanope": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
"""On linear RGB: Machado, Oliveira and Fernandes (2009), severity 1."""
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def colours(scheme: int) -> dict[str, np.ndarray]:
    """The theme's colours as linear RGB: the light ones (0), or the dark ones (1)."""
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", theme())
    return {name: linear(pair[scheme]) for name, *pair in pairs}


def linear(colour: str) -> np.ndarray:
    """The linear RGB of a colour in sRGB."""
    shares = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB of linear RGB, for its white."""
    shares = TO_XYZ @ rgb / TO_XYZ.sum(axis=1)
    f = np.where(shares > 216 / 24389, np.cbrt(shares), (24389 / 27 * shares + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def ciede2000(one: np.ndarray, other: np.ndarray) -> float:
    """The difference of two colours (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * np.sqrt(mean**7 / (mean**7 + 25**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = np.hypot(a1, b1), np.hypot(a2, b2)
    h1, h2 = np.degrees(np.arctan2(b1, a1)) % 360, np.degrees(np.arctan2(b2, a2)) % 360
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    middle, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * np.cos(np.radians(h - 30))
        + 0.24 * np.cos(np.radians(2 * h))
        + 0.32 * np.cos(np.radians(3 * h + 6))
        - 0.20 * np.cos(np.radians(4 * h - 63))
    )
    bend = -np.sin(np.radians(60 * np.exp(-(((h - 275) / 25) ** 2))))
    bend *= 2 * np.sqrt(c**7 / (c**7 + 25**7))
    lightness = (l2 - l1) / (1 + 0.015 * (middle - 50) ** 2 / np.sqrt(20 + (middle - 50) ** 2))
    chroma = (c2 - c1) / (1 + 0.045 * c)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2)) / (1 + 0.015 * c * t)
    return float(np.sqrt(lightness**2 + chroma**2 + hue**2 + bend * chroma * hue))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_difference_is_that_of_the_standard(one, other, expected):
    """From the test data of Sharma, Wu and Dalal (2005)."""
    assert ciede2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("vision", VISION)
def test_eight_players_are_told_apart(scheme, vision):
    all = colours(scheme)
    players = [name for name in all if name.startswith("player-")]
    assert len(players) >= 8
    seen = {
        name: lab(np.clip(np.array(VISION[vision]) @ all[name], 0, 1)) for name in players
    }  # fmt: skip
    close = {
        (one, other): round(difference, 1)
        for one, other in itertools.combinations(players, 2)
        if (difference := ciede2000(seen[one], seen[other])) < LEAST_DIFFERENCE
    }
    assert not close


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_players_stand_out_from_every_ground(scheme):
    all = colours(scheme)
    for name, ground in itertools.product(all, ("paper", "panel")):
        if name.startswith("player-"):
            light, dark = sorted((TO_XYZ[1] @ all[one] for one in (name, ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= LEAST_CONTRAST, (name, ground)
