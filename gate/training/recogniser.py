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

from gate.training.plates import PlateArtist
from gate.training.real import exact, read_real
from gate.training.recogniser_net import BLANK, RecogniserNet, best_path, export
from gate.training.samples import NO_COLOUR, DrawnSamples, Sample, as_batch, as_seen
from gate.training.site import Labelled, drawn_kept_out, read_site, side
from gate.training.start import start_from
from gate.training.supply import Supply, Wanted, is_left_out, read_wanted, supplied
from gate.training.verdict import CANDIDATE, WEIGHTS, old_weights, settle
from shared.errors import OperatorError
from shared.plate import ALPHABET

log = logging.getLogger(__name__)

ACROSS = "the source left out"
MOST_ACROSS = 600
"""How many plates of it are measured on."""

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

REPORT_EVERY, MEASURE_EVERY = 50, 500
"""Steps between two progress lines, and between two checkpoints with measurements."""


def _held_out(args: argparse.Namespace, wanted: Wanted) -> dict[str, list[Sample]]:
    """What is measured on: drawn plates, a fifth of each source, and the source left out."""
    exam = DrawnSamples(PlateArtist(args.glyphs, 1))
    sets = {"drawn": exam.take(400, np.random.default_rng(1), 0.8)}
    kept = read_wanted(wanted, held_out=True)
    for source in sorted({plate.source for plate in kept}):
        sets[source] = [exact(plate) for plate in kept if plate.source == source]
    if args.leave_out:
        both = read_real(args.real, held_out=True) + read_real(args.real, held_out=False)
        out = [plate for plate in both if is_left_out(plate, args.leave_out)]
        sets[ACROSS] = [exact(plate) for plate in out[:: max(1, len(out) // MOST_ACROSS)]]
    return sets


def _loss(net: nn.Module, samples: list[Sample], place_weight: float, in_bf16: bool) -> Tensor:
    """CTC and colour, and in the beginning each character at the step where it stands."""
    strips = torch.from_numpy(as_batch(samples)).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=in_bf16):
        logits, colours = net(strips)
    logits, colours = logits.float(), colours.float()
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
        self.weights = args.out / (CANDIDATE if args.corrections else WEIGHTS)
        self.net = RecogniserNet(args.grown).to(memory_format=torch.channels_last)
        self.average = torch.optim.swa_utils.AveragedModel(
            self.net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE_DECAY),
            use_buffers=True,
        )  # fmt: skip
        self.optimiser = torch.optim.AdamW(self.net.parameters(), LEARNING_RATE, weight_decay=1e-3)
        self.step, self.best, self._in_bf16 = 0, 0.0, args.bf16
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
        self.step, self.best = state["step"], state["best"]

    def save(self, temperature: float, score: float) -> bool:
        """Leave the checkpoint, and the averaged weights as an ONNX file where their ``score`` is
        the best until now; whether it is.
        """
        is_best = score >= self.best
        self.best = max(self.best, score)
        state = {
            "net": self.net.state_dict(), "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(), "step": self.step,
            "best": self.best,
        }  # fmt: skip
        beside = self.checkpoint.with_suffix(".new")
        torch.save(state, beside)
        beside.replace(self.checkpoint)
        if is_best:
            export(self.average.module, self.weights, temperature)
        return is_best

    def learn(self, samples: list[Sample], rate: float, place_weight: float) -> float:
        """One step; its loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        loss = _loss(self.net, samples, place_weight, self._in_bf16)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        self.average.update_parameters(self.net)
        self.step += 1
        return float(loss.detach())


def run(args: argparse.Namespace) -> None:
    """Train for ``args.minutes`` and leave recognise.onnx and its checkpoint in ``args.out``.

    With ``args.corrections`` only where they beat those of ``args.start`` at that site.

    Raises: OperatorError where they do not, or there is too little to learn from.
    """
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    if args.corrections is None:
        _learn(args, [])
        return
    if args.resume:
        raise OperatorError("error.training_resume")
    plates = read_site(args.corrections)
    args.start = old_weights(args.out, args.start)
    _learn(args, side(plates, held_out=False))
    drawn = drawn_kept_out(args.glyphs)
    settle(args.start, args.out, side(plates, held_out=True), drawn)


def _learn(args: argparse.Namespace, site: list[Labelled]) -> None:
    args.out.mkdir(parents=True, exist_ok=True)
    training = _Training(args)
    seed = (args.seed, training.step)
    wanted = Wanted(args.glyphs, args.real, args.leave_out, seed, tuple(site))
    with supplied(wanted, args.drawers) as supply:
        held_out = _held_out(args, wanted)
        _train(args, training, supply, held_out)
    _report(training, held_out)


def _train(
    args: argparse.Namespace, training: _Training, supply: Supply, held_out: dict[str, list[Sample]]
) -> None:
    """Step after step, until the time is over."""
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
        if training.step % MEASURE_EVERY == 0 and not args.corrections:
            _report(training, held_out)


def _report(training: _Training, held_out: dict[str, list[Sample]]) -> None:
    """Say how well the averaged weights read what they have never seen, and save them.

    They are judged by the drawn plates and, as much, by real ones: where a source is left out, by
    that one, which is as strange to them as the next site; else by all that is held out.
    """
    net, shares = training.average.module, {}
    for name, samples in held_out.items():
        shares[name], rest, colours = measure(net, samples)
        log.info(
            "step %d, %d held-out %s: exact %.1f %%, without the province %.1f %%, colour %.1f %%",
            training.step, len(samples), name, shares[name] * 100, rest * 100, colours * 100,
        )  # fmt: skip
    real = [ACROSS] if ACROSS in shares else [name for name in shares if name != "drawn"]
    counts = [len(held_out[name]) for name in real]
    judges = [shares["drawn"]]
    judges += [np.average([shares[name] for name in real], weights=counts)] if real else []
    strange = held_out.get(ACROSS) or [s for samples in held_out.values() for s in samples]
    temperature = fitting_temperature(net, strange)
    is_best = training.save(temperature, float(np.mean(judges)))
    log.info(
        "step %d, temperature %.2f, together %.1f %%%s", training.step, temperature,
        np.mean(judges) * 100, ": the best until now" if is_best else "",
    )  # fmt: skip
