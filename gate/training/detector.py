"""Trains the plate detector on scenes that are drawn as it goes, and exports it to ONNX."""

import argparse
import copy
import logging
import math
import queue
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from gate.training.detector_check import check
from gate.training.detector_net import (
    OFFSET_PX,
    STRIDE_PX,
    DetectorNet,
    ExportNet,
    as_input,
)
from gate.training.photos import read_photos
from gate.training.plates import PlateArtist
from gate.training.scenes import Scene, SceneArtist
from gate.training.start import start_from

log = logging.getLogger(__name__)

SIZES_PX = ((256, 256), (320, 320), (320, 256), (192, 192), (128, 192), (416, 416))
SIZE_ODDS = (0.3, 0.12, 0.18, 0.15, 0.2, 0.05)
BATCH_PX = 24 * 256 * 256
"""Picture area in one batch, so that every batch costs about the same."""

LEARNING_RATE = 3e-3
TWO_ROW_WEIGHT = 4.0
"""Two-row plates are rare and count for more."""
SMOOTHING = 0.995
"""How much of the smoothed copy stays at each step."""
CHECKPOINT_EVERY = 150
LOG_EVERY = 25
"""Both in steps."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures of one size and what the network should answer, all as tensors.

    ``heat`` is N×h×w from 0 to 1 (1 at a centre); ``blind`` marks cells that don't count;
    ``corners`` is N×8×h×w in px from the cell's middle; ``size`` the plate's width there in px,
    0 where no plate is; ``two_row`` is 0 or 1.
    """

    pictures: Tensor
    heat: Tensor
    blind: Tensor
    corners: Tensor
    size: Tensor
    two_row: Tensor


@dataclass(frozen=True, slots=True)
class Target:
    """One scene's answer; see ``Batch``."""

    heat: NDArray[np.float32]
    blind: NDArray[np.float32]
    corners: NDArray[np.float32]
    size: NDArray[np.float32]
    two_row: NDArray[np.float32]


def target_of(scene: Scene) -> Target:
    """What the network should answer for this scene."""
    rows, columns = scene.image.shape[0] // STRIDE_PX, scene.image.shape[1] // STRIDE_PX
    middle_y, middle_x = (np.mgrid[0:rows, 0:columns] + 0.5) * STRIDE_PX
    middles = np.stack([middle_x, middle_y], -1).astype(np.float32)
    empty = np.zeros((rows, columns), np.float32)
    target = Target(
        empty.copy(), empty.copy(), np.zeros((8, rows, columns), np.float32), empty.copy(), empty
    )
    for quad in scene.unsure:
        heat = _heat(quad, middles)
        target.blind[heat > 0.1] = 1.0
    for quad, count in zip(scene.plates, scene.rows, strict=True):
        heat = _heat(quad, middles)
        heat[np.unravel_index(heat.argmax(), heat.shape)] = 1.0
        here = (heat > target.heat) & (heat > 0.4)
        np.maximum(target.heat, heat, out=target.heat)
        offsets = (
            (quad.reshape(4, 1, 1, 2) - middles).transpose(0, 3, 1, 2).reshape(8, rows, columns)
        )
        target.corners[:, here] = offsets[:, here]
        target.size[here] = np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[1])
        target.two_row[here] = float(count == 2)
    return target


def _heat(quad: NDArray[np.float32], middles: NDArray[np.float32]) -> NDArray[np.float32]:
    """A hill over the plate's middle, as long and as high as the plate in proportion."""
    across = (quad[1] + quad[2] - quad[0] - quad[3]) / 2
    down = (quad[2] + quad[3] - quad[0] - quad[1]) / 2
    far = middles - quad.mean(0)
    along = across / max(1e-3, float(np.linalg.norm(across)))
    upright = np.array([-along[1], along[0]], np.float32)
    spread_x = max(0.10 * float(np.linalg.norm(across)), 0.5 * STRIDE_PX)
    spread_y = max(0.18 * abs(float(down @ upright)), 0.5 * STRIDE_PX)
    square = (far @ along / spread_x) ** 2 + (far @ upright / spread_y) ** 2
    return np.asarray(np.exp(-0.5 * square), np.float32)


def loss_of(maps: Tensor, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Centre, corner and row losses. Centres follow the penalty-reduced focal loss of CornerNet."""
    logit = maps[:, 0]
    score = torch.sigmoid(logit).clamp(1e-5, 1 - 1e-5)
    is_centre = batch.heat > 0.999
    hit = torch.log(score) * (1 - score) ** 2 * is_centre
    miss = torch.log(1 - score) * score**2 * (1 - batch.heat) ** 4 * ~is_centre * (1 - batch.blind)
    plates = is_centre.sum().clamp(min=1)
    centre = -(hit.sum() + miss.sum()) / plates
    weight = batch.heat * (batch.size > 0)
    total = weight.sum().clamp(min=1.0)
    wrong = (maps[:, 1:9] * OFFSET_PX - batch.corners) / batch.size.clamp(min=1.0)[:, None]
    far = functional.smooth_l1_loss(wrong, torch.zeros_like(wrong), beta=0.03, reduction="none")
    corner = (far.mean(1) * weight).sum() / total
    row = functional.binary_cross_entropy_with_logits(
        maps[:, 9], batch.two_row, reduction="none", pos_weight=torch.tensor(TWO_ROW_WEIGHT)
    )
    return centre, corner, (row * weight).sum() / total


class Painter:
    """Draws batches on a thread of its own, a few ahead of the training."""

    def __init__(self, artist: SceneArtist, rng: np.random.Generator) -> None:
        self._artist = artist
        self._rng = rng
        self._ready: queue.Queue[Batch] = queue.Queue(4)
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def next_batch(self) -> Batch:
        """The next batch, as soon as it is drawn."""
        while self._thread.is_alive() or not self._ready.empty():
            try:
                return self._ready.get(timeout=5)
            except queue.Empty:
                continue
        raise RuntimeError("The thread that draws the scenes has ended; see its traceback above.")

    def _work(self) -> None:
        while True:
            self._ready.put(self._batch())

    def _batch(self) -> Batch:
        size = SIZES_PX[int(self._rng.choice(len(SIZES_PX), p=SIZE_ODDS))]
        count = max(4, round(BATCH_PX / (size[0] * size[1])))
        scenes = [self._artist.draw(size, self._rng) for _ in range(count)]
        targets = [target_of(scene) for scene in scenes]
        return Batch(
            torch.from_numpy(np.stack([s.image for s in scenes])),
            *(
                torch.from_numpy(np.stack([getattr(t, name) for t in targets]))
                for name in ("heat", "blind", "corners", "size", "two_row")
            ),
        )


class Trainer:
    """The network, its smoothed copy and its optimiser, and how far they have come."""

    def __init__(self, out: Path, seed: int) -> None:
        torch.manual_seed(seed)
        self.net = DetectorNet()
        self.smooth = copy.deepcopy(self.net)
        self.optimiser = torch.optim.AdamW(self.net.parameters(), LEARNING_RATE, weight_decay=1e-2)
        self.steps = 0
        self._checkpoint = out / "detect.pt"
        self._model = out / "detect.onnx"

    def resume(self) -> None:
        """Go on from the checkpoint in the output folder."""
        state = torch.load(self._checkpoint, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.smooth.load_state_dict(state["smooth"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.steps = state["steps"]

    def start(self, model: Path, batch: Batch) -> None:
        """Begin with the weights of ``model`` (ONNX)."""
        start_from(self.net, model, as_input(batch.pictures))
        self.smooth.load_state_dict(self.net.state_dict())

    def step(self, batch: Batch, rate: float) -> tuple[float, float, float]:
        """Learn from one batch; its three losses."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.net.train()
        centre, corner, row = loss_of(self.net(as_input(batch.pictures)), batch)
        self.optimiser.zero_grad(set_to_none=True)
        (centre + 20.0 * corner + row).backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        self.steps += 1
        self._follow()
        return float(centre.detach()), float(corner.detach()), float(row.detach())

    @torch.no_grad()
    def _follow(self) -> None:
        """Let the smoothed copy follow, closely at first and slowly later."""
        keep = min(SMOOTHING, self.steps / (10 + self.steps))
        latest = self.net.state_dict()
        for name, value in self.smooth.state_dict().items():
            if value.is_floating_point():
                value.lerp_(latest[name], 1 - keep)

    def save(self) -> None:
        """Write the checkpoint and the model as the gate reads it."""
        state = {
            "net": self.net.state_dict(),
            "smooth": self.smooth.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "steps": self.steps,
        }
        torch.save(state, self._checkpoint.with_suffix(".new"))
        self._checkpoint.with_suffix(".new").replace(self._checkpoint)
        export(self.smooth, self._model)


def export(net: DetectorNet, path: Path) -> None:
    """Write the network as ONNX, for any number of pictures of any size."""
    axes = {"picture": {0: "n", 1: "h", 2: "w"}, "maps": {0: "n", 2: "rows", 3: "columns"}}
    whole = ExportNet(copy.deepcopy(net)).eval()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            whole, (torch.zeros(1, 64, 96, 3, dtype=torch.uint8),), str(path),
            input_names=["picture"], output_names=["maps"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip


def rate_at(share: float, peak: float) -> float:
    """The learning rate after this share of the time: a short rise, then a long fall."""
    rise = min(1.0, share / 0.03 + 0.05)
    return peak * rise * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1.0, share))))


def run(args: argparse.Namespace) -> None:
    """Train for ``args.minutes`` and leave detect.onnx and its checkpoint in ``args.out``."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(args.out, args.seed)
    if args.resume:
        trainer.resume()
    rng = np.random.default_rng((args.seed, trainer.steps))
    photos = read_photos(args.real, held_out=False) if args.real else []
    artist = SceneArtist(PlateArtist(args.glyphs, args.seed), photos, rng)
    painter = Painter(artist, rng)
    if args.start and not args.resume:
        trainer.start(args.start, painter.next_batch())
    strength = 0.5 if args.resume or args.start else 1.0
    _train(trainer, painter, args.minutes * 60, strength)
    if args.real:
        kept_out = read_photos(args.real, held_out=True, longest_px=None)
        log.info("%s", check(args.out / "detect.onnx", kept_out))


def _train(trainer: Trainer, painter: Painter, seconds: float, strength: float) -> None:
    """Step until the time is up."""
    begin = time.monotonic()
    sums = np.zeros(3)
    while (spent := time.monotonic() - begin) < seconds:
        rate = rate_at(spent / seconds, LEARNING_RATE * strength)
        sums += trainer.step(painter.next_batch(), rate)
        if trainer.steps % LOG_EVERY == 0:
            centre, corner, row = sums / LOG_EVERY
            log.info(
                "step %d, %.1f of %.1f min: centre %.3f, corner %.5f, row %.3f",
                trainer.steps, spent / 60, seconds / 60, centre, corner, row,
            )  # fmt: skip
            sums[:] = 0
        if trainer.steps % CHECKPOINT_EVERY == 0:
            trainer.save()
    trainer.save()
    log.info("done after %d steps", trainer.steps)
