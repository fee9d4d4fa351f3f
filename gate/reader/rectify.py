"""Cuts a plate out of a picture and straightens it into the recogniser's one-row strip."""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Corners = NDArray[np.float32]

STRIP_HEIGHT_PX = 40
STRIP_WIDTH_PX = 160

ACROSS, DOWN = 0.035, 0.05
"""How much is added on each side of a found plate: found corners mostly lie too far inside."""

_UPPER_SHARE = 0.32
"""How much of the strip's width the upper row of a two-row plate takes: two places of seven."""

_UPPER_BOTTOM = 0.42
_LOWER_TOP = 0.37
_UPPER_SIDE = 0.17
"""Where the rows are cut, as a share of height (they overlap, because corners are never exact), and
what stays empty beside the two or three characters of the upper row, as a share of width."""

_SLANTS = tuple(step / 8 for step in range(-5, 6))
"""How much a strip's characters may slant: sideways for each px upwards."""


def straighten(image: Image, corners_px: Corners, rows: int) -> Image:
    """The plate between ``corners_px`` (4×2: tl, tr, br, bl) as a 40×160×3 uint8 BGR strip.

    The two rows of a two-row plate come side by side. What lies outside ``image`` repeats
    its edge.
    """
    width_px = max(
        float(np.linalg.norm(corners_px[1] - corners_px[0])),
        float(np.linalg.norm(corners_px[2] - corners_px[3])),
    )
    fine = int(np.clip(round(width_px / STRIP_WIDTH_PX), 1, 4))
    if rows == 2:
        return _side_by_side(_warp(image, corners_px, fine, 2 * STRIP_HEIGHT_PX))
    return _shrink(_warp(image, corners_px, fine, STRIP_HEIGHT_PX), STRIP_WIDTH_PX)


def loosened(corners_px: Corners, across: float = ACROSS, down: float = DOWN) -> Corners:
    """Corners moved outwards by these shares of width and height, so that no stroke is lost."""
    top, bottom = corners_px[1] - corners_px[0], corners_px[2] - corners_px[3]
    left, right = corners_px[3] - corners_px[0], corners_px[2] - corners_px[1]
    moved = np.stack(
        [
            corners_px[0] - across * top - down * left,
            corners_px[1] + across * top - down * right,
            corners_px[2] + across * bottom + down * right,
            corners_px[3] - across * bottom + down * left,
        ]
    )
    return np.asarray(moved, np.float32)


def along_strip(points_px: Corners, corners_px: Corners, rows: int) -> NDArray[np.float32]:
    """Where points (N×2) of the picture lie along the strip, from 0 to 1."""
    unit = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners_px.astype(np.float32), unit)
    straight = cv2.perspectiveTransform(points_px[None].astype(np.float32), matrix)[0]
    if rows == 1:
        return np.asarray(straight[:, 0], np.float32)
    upper = (straight[:, 0] - _UPPER_SIDE) / (1 - 2 * _UPPER_SIDE) * _UPPER_SHARE
    lower = _UPPER_SHARE + straight[:, 0] * (1 - _UPPER_SHARE)
    is_upper = straight[:, 1] < (_UPPER_BOTTOM + _LOWER_TOP) / 2
    return np.asarray(np.where(is_upper, upper, lower), np.float32)


def whole_picture(image: Image) -> Corners:
    """The corners of a picture that is a plate already cut out."""
    height, width = image.shape[:2]
    return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)


def upright(strip: Image) -> Image:
    """A strip whose characters still slant, sheared until its columns are as unlike each other as
    they get: between upright characters they are empty.
    """
    grey = np.asarray(cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY), np.uint8)
    sheared = [_sheared(grey, slant) for slant in _SLANTS]
    edges = [np.abs(np.diff(picture.astype(np.float32), axis=1)).sum(axis=0) for picture in sheared]
    slant = _SLANTS[int(np.argmax([columns.std() for columns in edges]))]
    return _sheared(strip, slant)


def _sheared(picture: Image, slant: float) -> Image:
    """Every row moved by ``slant`` times its height above the middle."""
    height, width = picture.shape[:2]
    matrix = np.array([[1.0, slant, -slant * height / 2], [0.0, 1.0, 0.0]])
    moved = cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def _warp(image: Image, corners_px: Corners, fine: int, height_px: int) -> Image:
    """The plate seen straight on, ``fine`` times larger than needed so that shrinking is clean."""
    width, height = STRIP_WIDTH_PX * fine, height_px * fine
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(corners_px.astype(np.float32) - 0.5, target - 0.5)
    straight = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(straight, np.uint8)


def _shrink(image: Image, width_px: int) -> Image:
    size = (width_px, STRIP_HEIGHT_PX)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _side_by_side(image: Image) -> Image:
    height, width = image.shape[:2]
    side = round(width * _UPPER_SIDE)
    upper_px = round(STRIP_WIDTH_PX * _UPPER_SHARE)
    upper = _shrink(image[: round(height * _UPPER_BOTTOM), side : width - side], upper_px)
    lower = _shrink(image[round(height * _LOWER_TOP) :], STRIP_WIDTH_PX - upper_px)
    return np.hstack([upper, lower])
