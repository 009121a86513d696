"""Settings of a detector training, read from ``configs/training/detector.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from emotion_game.settings import StrictModel
from emotion_game.training.classifier.config import FitSettings, Share

Side = Annotated[int, Field(ge=96, le=640, multiple_of=32)]
Anchor = tuple[Annotated[float, Field(gt=0.0)], Annotated[float, Field(gt=0.0)]]


class DetectorNetworkSettings(StrictModel):
    """The network.

    Attributes:
        alpha: width of the MobileNetV2 backbone.
        width_px: of the input.
        height_px: of the input.
        neck: channels of the coarsest scale; the finer ones have a half and a quarter.
        separable: 3x3 convolutions of the neck are depthwise and pointwise.
        l2: weight decay written into the loss, on the kernels of the neck and the heads.
        weights: where the backbone starts; a weights file given to the script comes first.
        leave_out: numbers of blocks of the backbone that are left out; only those whose output
            is added to their input can be.
        anchors_px: nine widths and heights, smallest area first; from choose_anchors.py.
    """

    alpha: float = Field(1.0, gt=0.0, le=1.4)
    width_px: Side = 256
    height_px: Side = 192
    neck: int = Field(128, ge=16, le=512, multiple_of=4)
    separable: bool = True
    l2: float = Field(0.0, ge=0.0, le=0.1)
    weights: Literal["imagenet", "none"] = "imagenet"
    leave_out: tuple[Annotated[int, Field(ge=1, le=15)], ...] = ()
    anchors_px: tuple[Anchor, ...] = Field(min_length=9, max_length=9)

    @model_validator(mode="after")
    def _check_order(self) -> DetectorNetworkSettings:
        areas = [width * height for width, height in self.anchors_px]
        if areas != sorted(areas):
            raise ValueError("anchors_px: expected the smallest area first")
        return self


class DetectorLossSettings(StrictModel):
    """The loss; see :mod:`emotion_game.training.detector.loss`.

    Attributes:
        box: ``squared`` error as in the paper, ``giou`` or ``ciou``.
        box_weight: of the box's part.
        class_weight: of the class's part; objectness weighs 1.
        assign_iou: every anchor whose shape overlaps a face at least this much learns it, the
            best one in any case; 1 = the best one only, as in the paper.
        ignore_iou: other priors that overlap a face more than this are not told off.
    """

    box: Literal["squared", "giou", "ciou"] = "ciou"
    box_weight: float = Field(2.0, gt=0.0)
    class_weight: float = Field(0.5, ge=0.0)
    assign_iou: float = Field(0.5, gt=0.0, le=1.0)
    ignore_iou: float = Field(0.5, gt=0.0, lt=1.0)


class DetectorDataSettings(StrictModel):
    """What is drawn and how it is changed.

    Attributes:
        held_back_share: of the people and pictures, for evaluation.
        group_weights: how often a picture of a group is drawn; groups not named count 1.
        mosaic_share: samples put together from four pictures.
        background_share: of the other samples, those laid on a picture without a face.
        smallest_face_px: faces are scaled to between this and ``largest_face_px`` wide, in
            pixels of the input.
        largest_face_px: see above.
        most_enlarged: a picture is never scaled up more than this.
        least_face_px: a face that ends narrower is ignored, neither learned nor told off.
        rotation_deg: most turn either way.
        stretch: most change of the proportions.
        gray_share: samples without colour.
        blur_share: samples blurred, likewise ``jpeg_share`` and ``noise_share``.
    """

    held_back_share: Share = 0.15
    group_weights: dict[str, Annotated[float, Field(ge=0.0)]] = Field(default_factory=dict)
    mosaic_share: Share = 0.4
    background_share: Share = 0.4
    smallest_face_px: float = Field(12.0, gt=0.0)
    largest_face_px: float = Field(190.0, gt=0.0)
    most_enlarged: float = Field(3.0, ge=1.0)
    least_face_px: float = Field(8.0, ge=0.0)
    rotation_deg: float = Field(15.0, ge=0.0, le=180.0)
    stretch: Share = 0.1
    gray_share: Share = 0.2
    blur_share: Share = 0.2
    jpeg_share: Share = 0.2
    noise_share: Share = 0.2


class DetectorTrainingSettings(StrictModel):
    """Everything that decides a run besides its data; saved with the run.

    Attributes:
        seed: of the split, the order and the random changes.
        batch_size: samples a step.
        samples_an_epoch: an epoch is as many drawn samples, not once through the pictures.
        phase: as in the classifier's training.
    """

    seed: int = 7
    batch_size: int = Field(16, ge=1)
    samples_an_epoch: int = Field(4000, ge=1)
    network: DetectorNetworkSettings
    loss: DetectorLossSettings = DetectorLossSettings()
    data: DetectorDataSettings = DetectorDataSettings()
    phase: tuple[FitSettings, ...] = Field(min_length=1)


class DetectorOrigin(StrictModel):
    """What a run was made of besides its settings; ``sources.json`` in its folder.

    Attributes:
        pictures: what it learned from.
        start_from: the model that the training went on from; None: it began anew.
    """

    pictures: Path
    start_from: Path | None = None
