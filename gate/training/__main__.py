"""The training command: ``python -m gate.training recogniser|detector|scenes``."""

import argparse
import importlib
import logging
import sys
from pathlib import Path
from types import ModuleType

from shared.errors import OperatorError

_JOBS = {
    "recogniser": ("gate.training.recogniser", "train the network that reads a plate"),
    "detector": ("gate.training.detector", "train the network that finds plates"),
    "scenes": ("gate.training.scenes", "draw a few training pictures to look at"),
}

_OF_THE_EXTRA = ("torch", "onnx", "onnxscript")


def main(arguments: list[str]) -> int:
    """Run one job; 0 when it is done, 2 when the person at the keyboard has to do something."""
    args = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stdout)
    try:
        _module(_JOBS[args.job][0]).run(args)
    except OperatorError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _module(name: str) -> ModuleType:
    """A job's module.

    Raises: OperatorError where the extra is not installed that brings what it needs.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in _OF_THE_EXTRA:
            raise
        raise OperatorError("error.training_extra", name=error.name) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m gate.training", description=__doc__)
    jobs = parser.add_subparsers(dest="job", required=True, metavar="JOB")
    for name, (_, what) in _JOBS.items():
        job = jobs.add_parser(name, help=what, description=what)
        job.add_argument("--out", type=Path, required=True, help="folder for what is made")
        job.add_argument("--real", type=Path, help="folder of real pictures with labels")
        job.add_argument("--glyphs", type=Path, help="folder with one picture per character")
        job.add_argument("--minutes", type=float, default=60.0, help="how long to train")
        job.add_argument("--seed", type=int, default=0, help="another seed, other drawings")
        job.add_argument("--resume", action="store_true", help="go on from the checkpoint in --out")
        job.add_argument("--start", type=Path, help="begin with the weights of this ONNX file")
    recogniser = jobs.choices["recogniser"]
    recogniser.add_argument(
        "--corrections", type=Path, metavar="DIR", help="learn what people corrected at this gate"
    )
    recogniser.add_argument("--leave-out", metavar="SOURCE", help="never train on it: judge by it")
    recogniser.add_argument("--drawers", type=int, default=1, help="processes that draw")
    recogniser.add_argument("--grown", action="store_true", help="train the larger network")
    recogniser.add_argument("--bf16", action="store_true", help="count in bfloat16 (AMX)")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
