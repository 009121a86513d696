"""Settings of one training run: ``configs/training/*.toml``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from emotion_game.game.types import EMOTIONS
from emotion_game.settings import StrictModel

Share = Annotated[float, Field(ge=0.0, le=1.0)]


def _known(name: str) -> str:
    if name not in EMOTIONS:
        raise ValueError(f"expected one of {', '.join(EMOTIONS)}, found {name!r}")
    return name


Emotion = Annotated[str, AfterValidator(_known)]


class DataSettings(StrictModel):
    """What is done to the data before the first step.

    Attributes:
        held_back_share: share of each source kept for choices (the best epoch, temperature,
            thresholds); nothing of it is trained on.
        crops_a_picture: crops cut from each whole picture, each with its own box noise.
        box_noise: half-width of that noise, as a share of the box's side: the detector's box
            jumps, so the network meets such jumps while it learns.
        teacher_share: how much of each label distribution is the teacher's answer to the face as
            the pupil sees it, 0 = none.
    """

    held_back_share: float = Field(0.05, gt=0.0, lt=1.0)
    crops_a_picture: int = Field(2, ge=1, le=20)
    box_noise: Share = 0.08
    teacher_share: float = Field(0.0, ge=0.0, lt=1.0)


class NetworkSettings(StrictModel):
    """The network: a backbone, global average pooling, dropout, dense softmax.

    Attributes:
        name: ``convnet`` is four plain blocks, a baseline to train from nothing.
        alpha: width of the backbone; ImageNet weights exist only for some (vgg16: 1.0 alone).
        size_px: side of the face that plays.
        weights: where the backbone starts: Keras' ImageNet weights or nothing. A weights file
            given to the script takes the place of either.
        dropout: before the last layer.
        batch_norm_momentum: Keras' 0.999 lags far behind over a few hundred steps an epoch.
    """

    name: Literal["mobilenet_v2", "mobilenet", "vgg16", "convnet"] = "mobilenet_v2"
    alpha: float = Field(1.0, gt=0.0, le=1.4)
    size_px: int = Field(96, ge=32, le=224)
    weights: Literal["imagenet", "none"] = "imagenet"
    dropout: Share = 0.3
    batch_norm_momentum: float = Field(0.99, gt=0.0, lt=1.0)


class AugmentSettings(StrictModel):
    """Random changes of the training pictures; shares are of the picture's side or value.

    Attributes:
        flip: mirror half of the pictures.
        rotation_deg: most degrees either way.
        shift: most shift either way.
        zoom: most zoom in or out.
        fill_mode: what fills the rim that a rotation, shift or zoom leaves.
        brightness: most change of brightness.
        contrast: most change of contrast.
        blur_sigma_px: most Gaussian blur, at the training size, on half of the pictures.
        lowest_detail_px: half of the batches are reduced to between this and the training size
            and scaled up again, like a far face; 0 = never.
        noise: standard deviation of sensor noise.
        erase_share: most of the area erased, on half of the pictures.
    """

    flip: bool = True
    rotation_deg: float = Field(0.0, ge=0.0, le=180.0)
    shift: Share = 0.0
    zoom: Share = 0.0
    fill_mode: Literal["nearest", "reflect", "constant", "wrap"] = "nearest"
    brightness: Share = 0.0
    contrast: Share = 0.0
    blur_sigma_px: float = Field(0.0, ge=0.0, le=10.0)
    lowest_detail_px: int = Field(0, ge=0, le=224)
    noise: Share = 0.0
    erase_share: Share = 0.0

    def scaled(self, strength: float) -> AugmentSettings:
        """Return the same changes at a share of their strength; flips and detail stay."""
        whole = {"flip", "fill_mode", "lowest_detail_px"}
        ranges = {name: value for name, value in self if name not in whole}
        return self.model_copy(update={name: value * strength for name, value in ranges.items()})


class FitSettings(StrictModel):
    """One phase of fitting; each phase compiles anew and runs its own rate schedule.

    Attributes:
        name: of the phase's files in the run folder.
        trains: ``head`` (the backbone is frozen and runs as in inference), ``all``, or the
            backbone's layer, by name or index, from which on everything is trained.
        epochs: times through the training pictures.
        learning_rate: the highest.
        schedule: ``cosine`` falls to ``final_learning_rate_share``; ``plateau`` halves the rate
            when the loss on held-back faces has not fallen for two epochs; ``constant`` stays.
        final_learning_rate_share: where the cosine ends.
        warmup_share: share of the steps in which the rate rises (cosine only).
        weight_decay: of AdamW.
        ema_momentum: weights are averaged over about 1 / (1 - momentum) steps, and the average
            is evaluated and kept; 0 = no averaging.
        patience_epochs: stop after this many epochs without a better loss; 0 = never.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    trains: str | int
    epochs: int = Field(ge=1)
    learning_rate: float = Field(gt=0.0)
    schedule: Literal["cosine", "plateau", "constant"] = "cosine"
    final_learning_rate_share: Share = 0.01
    warmup_share: Share = 0.0
    weight_decay: float = Field(0.0, ge=0.0)
    ema_momentum: float = Field(0.0, ge=0.0, lt=1.0)
    patience_epochs: int = Field(0, ge=0)


class PhaseSettings(FitSettings):
    """One phase of the classifier's fitting.

    Attributes:
        image_px: side the pictures are scaled to.
        label_smoothing: share of each label spread over all emotions.
        keep_batch_norm: the backbone's batch norm stays as it is and runs as in inference; for
            going on from a trained network. A step then takes about half the time.
        mixup_alpha: every face is mixed with another one of its batch, labels too, in shares
            drawn from Beta(alpha, alpha) (Zhang et al., "mixup", 2018); 0 = never.
        augment_strength: multiplies the random changes.
    """

    image_px: int = Field(ge=32, le=224)
    label_smoothing: float = Field(0.0, ge=0.0, lt=1.0)
    keep_batch_norm: bool = False
    mixup_alpha: float = Field(0.0, ge=0.0, le=10.0)
    augment_strength: float = Field(1.0, ge=0.0, le=2.0)


class TrainingSettings(StrictModel):
    """Everything that decides a run besides its data; saved with the run.

    Attributes:
        seed: of the split, the order of the pictures and the random changes.
        batch_size: pictures a step, over all machines together.
        precise_batch_norm_batches: batches over which the finished network's batch-norm
            statistics are measured anew (Wu and Johnson, "Rethinking 'Batch' in BatchNorm",
            2021); 0 keeps the running averages.
        class_weights: how much more a class counts, e.g. ``{surprise = 1.5}``.
    """

    seed: int = 7
    batch_size: int = Field(64, ge=1)
    precise_batch_norm_batches: int = Field(0, ge=0)
    class_weights: dict[Emotion, Annotated[float, Field(gt=0.0)]] = Field(default_factory=dict)
    data: DataSettings = DataSettings()
    network: NetworkSettings = NetworkSettings()
    augment: AugmentSettings = AugmentSettings()
    phase: tuple[PhaseSettings, ...] = Field(min_length=1)
