"""Builds a CTranslate2 model from Whisper's tensors. Runs in the child only, beside no torch.

A folder to convert holds WEIGHTS, the tensors under OpenAI's names, and ABOUT, what a model
needs beside them; afterwards it also holds what CTranslate2 loads.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from interviewer.core.ports import FloatArray

WEIGHTS = "weights.safetensors"
ABOUT = "about.json"
QUANTIZATION = "int8"
"""Of the matrices; a quarter of the memory of float32, and what a processor multiplies fastest."""

Tensors = dict[str, FloatArray]


def build(folder: Path) -> None:
    """Convert what lies in `folder`, and remove what it was made of. Raises whatever is wrong with it."""
    # The specifications import torch where they find it, for models that are made of its tensors; ours are
    # made of numpy's. Together in a process the two bring two OpenMP run times: /proc/self/maps listed torch's
    # libgomp.so.1 and CTranslate2's libgomp-e985bcbb.so (4.8.5, torch 2.13, Linux), and that is known to
    # crash or hang (SYSTRAN/faster-whisper#967). Without torch this import takes 1 s instead of 9 s.
    sys.modules.setdefault("torch", None)  # type: ignore[arg-type]  # "there is none"
    from ctranslate2.specs.whisper_spec import WhisperSpec
    from safetensors.numpy import load_file

    about: dict[str, Any] = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    tensors = {name: array.astype("float32") for name, array in load_file(folder / WEIGHTS).items()}
    spec = WhisperSpec(
        _layers(tensors, "encoder"), about["audio_heads"], _layers(tensors, "decoder"), about["text_heads"]
    )
    _fill_encoder(spec.encoder, tensors)
    _fill_decoder(spec.decoder, tensors)
    for name, value in about["config"].items():
        setattr(spec.config, name, value)
    spec.register_vocabulary(about["vocabulary"])
    spec.validate()
    spec.optimize(quantization=QUANTIZATION)
    spec.save(str(folder))
    (folder / WEIGHTS).unlink()
    (folder / ABOUT).unlink()


def _layers(tensors: Tensors, side: str) -> int:
    numbers = (re.match(rf"{side}\.blocks\.(\d+)\.", name) for name in tensors)
    return 1 + max(int(number[1]) for number in numbers if number)


def _fill_encoder(spec: Any, tensors: Tensors) -> None:
    for name in ("conv1", "conv2"):
        _linear(getattr(spec, name), tensors, f"encoder.{name}")
    spec.position_encodings.encodings = tensors["encoder.positional_embedding"]
    _norm(spec.layer_norm, tensors, "encoder.ln_post")
    for number, layer in enumerate(spec.layer):
        _fill_layer(layer, tensors, f"encoder.blocks.{number}")


def _fill_decoder(spec: Any, tensors: Tensors) -> None:
    spec.embeddings.weight = tensors["decoder.token_embedding.weight"]
    spec.projection.weight = spec.embeddings.weight
    spec.position_encodings.encodings = tensors["decoder.positional_embedding"]
    _norm(spec.layer_norm, tensors, "decoder.ln")
    for number, layer in enumerate(spec.layer):
        block = f"decoder.blocks.{number}"
        _fill_layer(layer, tensors, block)
        # It asks with what it has written, and looks at what it has heard.
        _fuse(layer.attention.linear[0], tensors, f"{block}.cross_attn", ("query",))
        _fuse(layer.attention.linear[1], tensors, f"{block}.cross_attn", ("key", "value"))
        _linear(layer.attention.linear[2], tensors, f"{block}.cross_attn.out")
        _norm(layer.attention.layer_norm, tensors, f"{block}.cross_attn_ln")


def _fill_layer(layer: Any, tensors: Tensors, block: str) -> None:
    _fuse(layer.self_attention.linear[0], tensors, f"{block}.attn", ("query", "key", "value"))
    _linear(layer.self_attention.linear[1], tensors, f"{block}.attn.out")
    _norm(layer.self_attention.layer_norm, tensors, f"{block}.attn_ln")
    _linear(layer.ffn.linear_0, tensors, f"{block}.mlp.0")
    _linear(layer.ffn.linear_1, tensors, f"{block}.mlp.2")
    _norm(layer.ffn.layer_norm, tensors, f"{block}.mlp_ln")


def _linear(spec: Any, tensors: Tensors, name: str) -> None:
    spec.weight = tensors[f"{name}.weight"]
    spec.bias = tensors[f"{name}.bias"]


def _norm(spec: Any, tensors: Tensors, name: str) -> None:
    spec.gamma = tensors[f"{name}.weight"]
    spec.beta = tensors[f"{name}.bias"]


def _fuse(spec: Any, tensors: Tensors, name: str, parts: tuple[str, ...]) -> None:
    """Lay matrices that are multiplied with the same thing below each other; Whisper's keys have no bias."""
    import numpy as np

    weights = [tensors[f"{name}.{part}.weight"] for part in parts]
    no_bias = np.zeros(len(weights[0]), dtype=np.float32)
    spec.weight = np.concatenate(weights)
    spec.bias = np.concatenate([tensors.get(f"{name}.{part}.bias", no_bias) for part in parts])
