"""Trains the recogniser on endless samples, and measures it on held-out ones."""

import argparse
import logging
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from gate.training.others import OtherSamples
from gate.training.plates import PlateArtist
from gate.training.real import RealSamples, exact, read_crops, read_photo_plates
from gate.training.recogniser_net import BLANK, RecogniserNet, as_seen, best_path, export
from gate.training.samples import NO_COLOUR, DrawnSamples, Sample, as_batch
from gate.training.start import start_from
from shared.plate import ALPHABET

log = logging.getLogger(__name__)

BATCH = 32
REAL_CROPS, REAL_PHOTOS = 6, 6
"""Of a batch, where real plates are given."""

OTHERS = 3
"""Strips of a batch that show no plate of ours: the network must read nothing from them."""

LEARNING_RATE = 2e-3
WARM_UP_SHARE = 0.03
EASY_SHARE = 0.2
"""The part of the training in which pictures grow from easy to as bad as they get."""

PLACES_SHARE = 0.25
"""The part of the training in which it is told where each character stands, less and less."""

RESUMED_RATE = 0.4
"""A run that begins with trained weights climbs to this share of the usual learning rate."""

COLOUR_WEIGHT = 0.15
AVERAGE_DECAY = 0.999
"""How slowly the averaged weights, which are the ones we keep, follow the trained ones."""

TEMPERATURES = tuple(round(0.6 + 0.05 * step, 2) for step in range(41))

REPORT_EVERY, MEASURE_EVERY = 100, 600
"""Steps between two progress lines, and between two checkpoints with measurements."""


class _Supply:
    """Batches in the agreed mixture, and the held-out samples."""

    def __init__(self, args: argparse.Namespace, step: int) -> None:
        self._rng = np.random.default_rng((args.seed, step))
        self._drawn = DrawnSamples(PlateArtist(args.glyphs, args.seed))
        self._others = OtherSamples(args.real)
        real = args.real
        self._crops = RealSamples(read_crops(real, held_out=False) if real else [])
        self._photos = RealSamples(read_photo_plates(real, held_out=False) if real else [])
        exam = DrawnSamples(PlateArtist(args.glyphs, 1))
        self.held_out: dict[str, list[Sample]] = {
            "drawn": exam.take(400, np.random.default_rng(1), 0.8),
        }
        if real:
            self.held_out["crops"] = [exact(p) for p in read_crops(real, held_out=True)]
            self.held_out["photos"] = [exact(p) for p in read_photo_plates(real, held_out=True)]

    def batch(self, strength: float) -> list[Sample]:
        """One batch; without real plates all of it is drawn."""
        samples = self._crops.take(REAL_CROPS, self._rng, strength)
        samples += self._photos.take(REAL_PHOTOS, self._rng, strength)
        samples += self._others.take(OTHERS, self._rng, strength)
        return samples + self._drawn.take(BATCH - len(samples), self._rng, strength)


def _loss(net: nn.Module, samples: list[Sample], place_weight: float) -> Tensor:
    """CTC and colour, and in the beginning each character at the step where it stands."""
    strips = torch.from_numpy(as_batch(samples)).contiguous(memory_format=torch.channels_last)
    logits, colours = net(strips)
    truth = torch.tensor([sample.colour for sample in samples])
    loss = _reading_loss(logits, samples) + COLOUR_WEIGHT * functional.cross_entropy(colours, truth)
    return loss + place_weight * _place_loss(logits, samples) if place_weight else loss


def _reading_loss(logits: Tensor, samples: list[Sample]) -> Tensor:
    """Connectionist temporal classification: how unlikely the true texts are."""
    log_probs = functional.log_softmax(logits, 2).transpose(0, 1)
    targets = torch.tensor([1 + ALPHABET.index(c) for s in samples for c in as_seen(s.text)])
    lengths = torch.tensor([len(sample.text) for sample in samples])
    steps = torch.full((len(samples),), log_probs.shape[0])
    return functional.ctc_loss(log_probs, targets, steps, lengths, BLANK, zero_infinity=True)


def _place_loss(logits: Tensor, samples: list[Sample]) -> Tensor:
    """Teaches the network where to speak, which CTC alone takes thousands of steps to find out."""
    steps = logits.shape[1]
    spots = [
        (number, min(max(int(place * steps), 0), steps - 1), 1 + ALPHABET.index(char))
        for number, sample in enumerate(samples)
        for char, place in zip(as_seen(sample.text), sample.places, strict=False)
    ]
    rows, columns, truth = (torch.tensor(column) for column in zip(*spots, strict=True))
    return functional.cross_entropy(logits[rows, columns], truth)


def measure(net: nn.Module, samples: list[Sample]) -> tuple[float, float, float]:
    """The shares of exact texts, of texts exact but for the first place, of right colours."""
    net.eval()
    with torch.no_grad():
        logits, colours = net(torch.from_numpy(as_batch(samples)))
    net.train()
    pairs = [(as_seen(s.text), t) for s, t in zip(samples, best_path(logits), strict=True)]
    exact_share = np.mean([truth == text for truth, text in pairs])
    rest_share = np.mean([truth[1:] == text[1:] for truth, text in pairs])
    chosen = zip(samples, colours.argmax(1).tolist(), strict=True)
    colour_share = np.mean([s.colour == c for s, c in chosen if s.colour != NO_COLOUR])
    return float(exact_share), float(rest_share), float(colour_share)


def fitting_temperature(net: nn.Module, samples: list[Sample]) -> float:
    """What the logits are best divided by, so that a confidence of 0.9 is right nine times of ten:
    the likeliest truth of samples that were not trained on.
    """
    net.eval()
    with torch.no_grad():
        logits, _ = net(torch.from_numpy(as_batch(samples)))
    net.train()
    return min(TEMPERATURES, key=lambda t: float(_reading_loss(logits / t, samples)))


def _rate_at(share: float) -> float:
    """The learning rate after ``share`` of the time: a short climb, then half a cosine down."""
    if share < WARM_UP_SHARE:
        return LEARNING_RATE * max(share / WARM_UP_SHARE, 0.02)
    falling = (share - WARM_UP_SHARE) / (1 - WARM_UP_SHARE)
    return float(LEARNING_RATE * (0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * min(falling, 1.0)))))


class _Training:
    """One run: the net, its slowly following average, and where it stands."""

    def __init__(self, args: argparse.Namespace) -> None:
        torch.manual_seed(args.seed)
        self.out: Path = args.out
        self.net = RecogniserNet().to(memory_format=torch.channels_last)
        self.average = torch.optim.swa_utils.AveragedModel(
            self.net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE_DECAY),
            use_buffers=True,
        )  # fmt: skip
        self.optimiser = torch.optim.AdamW(self.net.parameters(), LEARNING_RATE, weight_decay=1e-3)
        self.step = 0
        if args.resume:
            self._load()
        elif args.start:
            usual = DrawnSamples(PlateArtist(args.glyphs, 2)).take(256, np.random.default_rng(2), 1)
            start_from(self.net, args.start, torch.from_numpy(as_batch(usual)))
            self.average.module.load_state_dict(self.net.state_dict())

    @property
    def checkpoint(self) -> Path:
        """The file a run is resumed from."""
        return self.out / "recogniser.pt"

    def _load(self) -> None:
        state = torch.load(self.checkpoint, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step = state["step"]

    def save(self, temperature: float) -> None:
        """Leave the checkpoint, and the averaged weights as recognise.onnx."""
        state = {
            "net": self.net.state_dict(), "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(), "step": self.step,
        }  # fmt: skip
        torch.save(state, self.checkpoint)
        export(self.average.module, self.out / "recognise.onnx", temperature)

    def learn(self, samples: list[Sample], rate: float, place_weight: float) -> float:
        """One step; its loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        loss = _loss(self.net, samples, place_weight)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        self.average.update_parameters(self.net)
        self.step += 1
        return float(loss.detach())


def run(args: argparse.Namespace) -> None:
    """Train for ``args.minutes`` and leave recognise.onnx and its checkpoint in ``args.out``."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    args.out.mkdir(parents=True, exist_ok=True)
    training = _Training(args)
    supply = _Supply(args, training.step)
    limit_s, begun = args.minutes * 60.0, time.monotonic()
    losses: list[float] = []
    is_new = not (args.resume or args.start)
    while (share := (time.monotonic() - begun) / limit_s) < 1.0:
        strength = min(1.0, 0.25 + 0.75 * share / EASY_SHARE) if is_new else 1.0
        rate = _rate_at(share) * (1.0 if is_new else RESUMED_RATE)
        place_weight = max(0.0, 1.0 - share / PLACES_SHARE) if is_new else 0.0
        losses.append(training.learn(supply.batch(strength), rate, place_weight))
        if training.step % REPORT_EVERY == 0:
            mean = float(np.mean(losses[-REPORT_EVERY:]))
            log.info("step %d, %.1f min: loss %.3f", training.step, share * args.minutes, mean)
        if training.step % MEASURE_EVERY == 0:
            _report(training, supply)
    _report(training, supply)


def _report(training: _Training, supply: _Supply) -> None:
    """Save, and say how well the averaged weights read what they have never seen."""
    unseen = [sample for samples in supply.held_out.values() for sample in samples]
    temperature = fitting_temperature(training.average.module, unseen)
    log.info("step %d, temperature %.2f", training.step, temperature)
    training.save(temperature)
    for name, samples in supply.held_out.items():
        exact_share, rest, colours = measure(training.average.module, samples)
        log.info(
            "step %d, %d held-out %s: exact %.1f %%, without the province %.1f %%, colour %.1f %%",
            training.step, len(samples), name, exact_share * 100, rest * 100, colours * 100,
        )  # fmt: skip
