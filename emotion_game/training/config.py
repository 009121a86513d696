"""Settings of one training run: ``configs/training/*.toml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from emotion_game.settings import StrictModel

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class NetworkSettings(StrictModel):
    """The network: a Keras backbone, global average pooling, dropout, dense softmax."""

    name: Literal["mobilenet_v2"] = "mobilenet_v2"
    alpha: float = Field(1.0, gt=0.0, le=1.4)
    size_px: int = Field(96, ge=32, le=224)
    dropout: Share = 0.3
    batch_norm_momentum: float = Field(0.99, gt=0.0, lt=1.0)


class AugmentSettings(StrictModel):
    """Random changes of the training pictures; shares are of the picture's side or value."""

    flip: bool = True
    rotation_deg: float = Field(0.0, ge=0.0, le=180.0)
    shift: Share = 0.0
    zoom: Share = 0.0
    brightness: Share = 0.0
    contrast: Share = 0.0
    blur_sigma_px: float = Field(0.0, ge=0.0, le=10.0)
    erase_share: Share = 0.0


class PhaseSettings(StrictModel):
    """One phase of fitting; each phase compiles anew and runs its own rate schedule."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    trains: Literal["head", "all"]
    image_px: int = Field(ge=32, le=224)
    epochs: int = Field(ge=1)
    learning_rate: float = Field(gt=0.0)
    final_learning_rate_share: Share = 0.01
    warmup_share: Share = 0.0
    weight_decay: float = Field(0.0, ge=0.0)


class TrainingSettings(StrictModel):
    """Everything that decides a run besides its data; saved with the run."""

    seed: int = 7
    batch_size: int = Field(64, ge=1)
    network: NetworkSettings = NetworkSettings()
    augment: AugmentSettings = AugmentSettings()
    phase: tuple[PhaseSettings, ...] = Field(min_length=1)
