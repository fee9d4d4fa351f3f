"""Begins a training with the weights of an ONNX file, such as those that come with the product.

An exported network has its batch normalisation folded into its convolutions. Here each
normalisation is set so that it changes nothing of what the file's network answers; from there
training goes on.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

from gate.training.recogniser_net import Added
from shared.errors import OperatorError


def start_from(net: nn.Module, path: Path, pictures: Tensor) -> None:
    """Give ``net`` the weights in ``path``; ``pictures`` is a usual batch of its input. What the
    net has grown since stays as it is.

    Raises: OperatorError where the file holds another network.
    """
    weights = _weights_in(path)
    layers = [layer for layer in net.modules() if isinstance(layer, nn.Conv2d | nn.Linear)]
    if len(layers) > len(weights):  # the file is of the network before it grew
        new = {
            layer
            for added in net.modules()
            if isinstance(added, Added)
            for layer in added.children()
        }
        layers = [layer for layer in layers if layer not in new]
    if [tuple(layer.weight.shape) for layer in layers] != [weight.shape for weight, _ in weights]:
        raise OperatorError("error.training_network", path=path)
    biases = {}
    for layer, (weight, bias) in zip(layers, weights, strict=True):
        layer.weight.data = torch.from_numpy(weight.copy())
        biases[layer] = torch.from_numpy(bias.copy())
        if layer.bias is not None:
            layer.bias.data = biases[layer]
    _let_norms_pass(net, biases, pictures)


def _weights_in(path: Path) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Weight and bias of each layer in the order of the file, which is that of the network."""
    graph = onnx.load(str(path)).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    return [
        (tensors[node.input[1]], tensors[node.input[2]])
        for node in graph.node
        if node.op_type in ("Conv", "Gemm")
    ]


def _let_norms_pass(net: nn.Module, biases: dict[nn.Module, Tensor], pictures: Tensor) -> None:
    """Set each normalisation to undo itself, with the bias of the convolution before it."""
    bias_of: dict[nn.Module, Tensor] = {}
    last: Tensor | None = None
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            last = biases.get(layer)
        elif isinstance(layer, nn.BatchNorm2d) and last is not None:
            bias_of[layer] = last

    def adjust(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(norm, nn.BatchNorm2d)
        mean = inputs[0].mean((0, 2, 3))
        spread = inputs[0].var((0, 2, 3), unbiased=False)
        norm.running_mean, norm.running_var = mean, spread
        norm.weight.data = (spread + norm.eps).sqrt()
        norm.bias.data = bias_of[norm] + mean

    hooks = [norm.register_forward_pre_hook(adjust) for norm in bias_of]
    with torch.no_grad():
        net.train()(pictures)
    for hook in hooks:
        hook.remove()
