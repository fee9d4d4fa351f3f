"""What light, weather, lenses and compression do to a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def degrade(image: Picture, rng: np.random.Generator, strength: float = 1.0) -> Picture:
    """A copy as a camera at the gate may give it: light, rain, blur, noise, JPEG.

    ``strength`` 0 leaves the picture nearly clean, 1 is everything that happens on a bad night.
    """
    out = light(image, rng, strength)
    for chance, effect in _EFFECTS:
        if rng.random() < chance * strength:
            out = effect(out, rng, strength)
    return out


def light(image: Picture, rng: np.random.Generator, strength: float = 1.0) -> Picture:
    """Exposure, contrast, gamma and a colour cast, by one table per channel."""
    levels = np.linspace(0.0, 1.0, 256, dtype=np.float32)
    gamma = float(np.exp(rng.normal(0.0, 0.35 * strength)))
    contrast = float(np.exp(rng.normal(-0.05, 0.3 * strength)))
    bright = rng.normal(0.0, 0.1 * strength)
    if rng.random() < 0.15 * strength:  # night
        contrast *= rng.uniform(0.25, 0.7)
        bright -= rng.uniform(0.0, 0.1)
    spread = 0.3 if rng.random() < 0.1 * strength else 0.1 * strength  # a lamp, a poor camera
    out = np.empty((1, 256, 3), np.uint8)
    for channel in range(3):
        cast = float(np.clip(np.exp(rng.normal(0.0, spread)), 0.5, 1.6))
        curve = ((levels**gamma - 0.5) * contrast + 0.5 + bright) * cast
        out[0, :, channel] = np.clip(curve * 255.0, 0, 255)
    return np.asarray(cv2.LUT(image, out), np.uint8)


def stretched(image: Picture, rng: np.random.Generator) -> Picture:
    """The contrast of each part stretched by itself, of all colours together or of each alone."""
    tiles = (int(rng.integers(1, 5)), int(rng.integers(1, 4)))
    stretch = cv2.createCLAHE(float(rng.uniform(1.5, 8.0)), tiles)
    if rng.random() < 0.5:
        return np.dstack([stretch.apply(channel) for channel in cv2.split(image)])
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB)
    lab[:, :, 0] = stretch.apply(lab[:, :, 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR), np.uint8)


def _blur(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    sigma = rng.uniform(0.3, 0.45 + 0.02 * min(image.shape[0], 50) * strength)
    return np.asarray(cv2.GaussianBlur(image, (0, 0), float(sigma)), np.uint8)


def _motion(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    """Smear along one direction, as a moving car or a shaking pole gives."""
    length = int(rng.integers(2, 3 + round(min(image.shape[0], 90) * 0.08 * strength)))
    size = length | 1
    kernel = np.zeros((size, size), np.float32)
    angle = rng.uniform(0, np.pi)
    dx, dy = np.cos(angle) * (size // 2), np.sin(angle) * (size // 2)
    middle = size // 2
    start = (round(middle - dx), round(middle - dy))
    cv2.line(kernel, start, (round(middle + dx), round(middle + dy)), (1.0,), 1)
    return np.asarray(cv2.filter2D(image, -1, kernel / kernel.sum()), np.uint8)


def _small(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    """Too few pixels, then enlarged by the camera or a player."""
    scale = rng.uniform(1.0 - 0.45 * strength, 1.0)
    height, width = image.shape[:2]
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    down = cv2.INTER_AREA if rng.random() < 0.7 else cv2.INTER_LINEAR
    shrunk = cv2.resize(image, size, interpolation=down)
    return np.asarray(cv2.resize(shrunk, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def _noise(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    sigma = abs(rng.normal(0.0, 7.0 * strength)) + 0.5
    height, width = image.shape[:2]
    channels = 3 if rng.random() < 0.6 else 1
    grain = rng.standard_normal((height, width, channels), np.float32) * np.float32(sigma)
    return np.clip(image.astype(np.float32) + grain, 0, 255).astype(np.uint8)


def _rain(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    height, width = image.shape[:2]
    out = image.copy()
    slant = rng.uniform(-0.3, 0.3)
    for _ in range(int(rng.integers(3, 4 + round(14 * strength)))):
        x, y = rng.integers(0, width), rng.integers(-height // 3, height)
        long = rng.uniform(0.08, 0.35) * height
        tone = int(rng.integers(140, 240))
        end = (round(x + slant * long), round(y + long))
        cv2.line(out, (int(x), int(y)), end, (tone, tone, tone), 1, cv2.LINE_AA)
    return np.asarray(cv2.addWeighted(out, 0.6, image, 0.4, 0), np.uint8)


def _glare(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    """A bright patch: a headlamp, the sun, a wet plate."""
    height, width = image.shape[:2]
    centre_x, centre_y = rng.uniform(0, width), rng.uniform(-0.3, 1.3) * height
    reach = rng.uniform(0.15, 0.6) * width
    columns = (np.arange(width, dtype=np.float32) - centre_x) / reach
    rows = (np.arange(height, dtype=np.float32) - centre_y) / reach
    glow = np.exp(-(columns[None, :] ** 2) - rows[:, None] ** 2)
    added = glow * np.float32(rng.uniform(30, 120) * strength)
    return np.clip(image.astype(np.float32) + added[:, :, None], 0, 255).astype(np.uint8)


def _haze(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    """Fog, a dirty lens, light into the lens: everything towards one pale tone."""
    share = rng.uniform(0.05, 0.2 + 0.3 * strength)
    tone = rng.uniform(60, 210) + rng.normal(0, 12, 3)
    pale = np.broadcast_to(np.clip(tone, 0, 255).astype(np.uint8), image.shape)
    return np.asarray(cv2.addWeighted(image, 1.0 - share, pale, share, 0), np.uint8)


def _grey(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    """A camera that sees by infrared at night."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def _ringing(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    """A camera that sharpens: pale lines around dark strokes, dark ones around pale."""
    soft = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.8, 2.2)))
    much = float(rng.uniform(0.5, 0.7 + 1.6 * strength))
    return np.asarray(cv2.addWeighted(image, 1.0 + much, soft, -much, 0), np.uint8)


def _jpeg(image: Picture, rng: np.random.Generator, strength: float) -> Picture:
    quality = int(rng.integers(round(92 - 62 * strength), 96))
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8) if done else image


_EFFECTS = (
    (0.06, _grey),
    (0.08, _rain),
    (0.08, _glare),
    (0.15, _haze),
    (0.16, _motion),
    (0.40, _blur),
    (0.25, _small),
    (0.50, _noise),
    (0.12, _ringing),
    (0.50, _jpeg),
)
