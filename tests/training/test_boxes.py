from __future__ import annotations

import json
import logging
import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from emotion_game.errors import TrainingError
from emotion_game.training.detector.box_mending import turn_upright, upright_size
from emotion_game.training.detector.box_split import drop_copies, read_split
from emotion_game.training.detector.boxes import (
    BoxedPicture,
    read_boxes,
    read_coco,
    read_voc,
    read_yolo,
    split_by_person,
)
from emotion_game.vision.pictures import read_picture

WIDTH, HEIGHT = 40, 30
FACE_PX = (10.0, 5.0, 12.0, 16.0)


def save_picture(path, width=WIDTH, height=HEIGHT, orientation=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    if orientation is not None:
        exif[274] = orientation
    Image.new("RGB", (width, height), "gray").save(path, exif=exif)
    return path


def coco(folder, *, annotations=None, images=None, categories=None):
    """Write a COCO file of one picture with one face, or what is given instead."""
    if images is None:
        save_picture(folder / "images" / "a.png")
        images = [{"id": 1, "file_name": "a.png", "width": WIDTH, "height": HEIGHT}]
    if annotations is None:
        annotations = [face()]
    content = {
        "images": images,
        "annotations": annotations,
        "categories": [{"id": 1, "name": "face"}] if categories is None else categories,
    }
    folder.mkdir(exist_ok=True)
    file = folder / "annotations.json"
    file.write_text(json.dumps(content))
    return file


def face(box=FACE_PX, **more):
    return {"id": 1, "image_id": 1, "category_id": 1, "bbox": list(box), "iscrowd": 0, **more}


def voc(folder, objects, *, size=(WIDTH, HEIGHT), filename="a.png"):
    save_picture(folder / "JPEGImages" / "a.png")
    (folder / "Annotations").mkdir()
    stated = (
        "" if size is None else f"<size><width>{size[0]}</width><height>{size[1]}</height></size>"
    )
    (folder / "Annotations" / "a.xml").write_text(
        f"<annotation><filename>{filename}</filename>{stated}{objects}</annotation>"
    )
    return folder


def voc_object(left, top, right, bottom, name="face", more=""):
    return (
        f"<object><name>{name}</name>{more}<bndbox><xmin>{left}</xmin><ymin>{top}</ymin>"
        f"<xmax>{right}</xmax><ymax>{bottom}</ymax></bndbox></object>"
    )


def yolo(folder, lines, classes="face\n"):
    save_picture(folder / "images" / "train" / "a.png")
    labels = folder / "labels" / "train"
    labels.mkdir(parents=True)
    (labels / "a.txt").write_text(lines)
    (folder / "classes.txt").write_text(classes)
    return folder


# --- One face, in three formats -------------------------------------------------------------------


def write_coco(folder):
    coco(folder)


def write_voc(folder):
    voc(folder, voc_object(11, 6, 22, 21))


def write_yolo(folder):
    yolo(folder, "0 0.4 0.43333333 0.3 0.53333333\n")


@pytest.mark.parametrize("write", [write_coco, write_voc, write_yolo])
def test_every_format_gives_the_same_box_and_is_recognised(write, tmp_path, caplog):
    write(tmp_path / "data")
    (picture,) = read_boxes(tmp_path / "data")
    assert picture.file.name == "a.png"
    assert picture.file.is_file()
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)
    assert picture.boxes_px.dtype == np.float32
    np.testing.assert_allclose(picture.boxes_px, [FACE_PX], atol=1e-4)
    assert picture.ignored_px.shape == (0, 4)
    assert picture.person == "a"
    assert not caplog.messages


def test_a_folder_of_nothing_known_or_of_two_formats_is_refused(tmp_path):
    with pytest.raises(TrainingError, match="neither a file nor a folder"):
        read_boxes(tmp_path / "nowhere")
    with pytest.raises(TrainingError, match="found none"):
        read_boxes(tmp_path)
    write_coco(tmp_path / "data")
    write_yolo(tmp_path / "data")
    with pytest.raises(TrainingError, match=r"found COCO \(.json\) and YOLO"):
        read_boxes(tmp_path / "data")
    assert len(read_boxes(tmp_path / "data" / "annotations.json")) == 1


def test_two_unknown_json_files_are_refused(tmp_path):
    coco(tmp_path).rename(tmp_path / "one.json")
    (tmp_path / "two.json").write_text("{}")
    with pytest.raises(TrainingError, match=r"found 2 \.json files"):
        read_boxes(tmp_path)


# --- Boxes that need repair -----------------------------------------------------------------------


def test_boxes_are_clipped_and_what_is_left_of_nothing_is_dropped(tmp_path, caplog):
    boxes = [(-5, -5, 20, 20), (30, 20, 50, 50), (60, 5, 10, 10), (5, 5, 0, 8), (39.5, 0, 9, 9)]
    file = coco(tmp_path, annotations=[face(box) for box in boxes])
    (picture,) = read_coco(file)
    np.testing.assert_allclose(picture.boxes_px, [(0, 0, 15, 15), (30, 20, 10, 10)])
    assert caplog.messages == [
        f"{file}: 2 box(es) clipped to the picture, 2 box(es) dropped as outside the picture,"
        " 1 box(es) dropped as empty"
    ]
    assert caplog.records[0].levelno == logging.WARNING


def test_a_tenth_of_a_pixel_over_the_rim_is_clipped_without_a_word(tmp_path, caplog):
    (picture,) = read_coco(coco(tmp_path, annotations=[face((0, 0, WIDTH + 0.05, HEIGHT))]))
    np.testing.assert_allclose(picture.boxes_px, [(0, 0, WIDTH, HEIGHT)])
    assert not caplog.messages


@given(st.tuples(*[st.floats(-100, 100, width=32)] * 2, *[st.floats(0, 200, width=32)] * 2))
def test_kept_boxes_lie_in_the_picture_and_have_an_area(tmp_path_factory, box):
    (picture,) = read_coco(coco(tmp_path_factory.mktemp("any"), annotations=[face(box)]))
    for x, y, width, height in picture.boxes_px:
        assert width >= 0.999
        assert height >= 0.999
        assert x >= 0
        assert y >= 0
        assert x + width <= WIDTH + 1e-4
        assert y + height <= HEIGHT + 1e-4


def test_a_negative_size_is_an_error_that_names_the_picture(tmp_path):
    with pytest.raises(TrainingError, match=r"a box of a.png has a negative size, -3x8 px"):
        read_coco(coco(tmp_path, annotations=[face((5, 5, -3, 8))]))


@pytest.mark.parametrize("value", [math.nan, math.inf, None, "wide"])
def test_coco_boxes_need_finite_numbers(tmp_path, value):
    file = coco(tmp_path, annotations=[face(), face((5, 5, value, 8))])
    with pytest.raises(TrainingError, match=r"annotations\.1\.bbox\.2"):
        read_coco(file)


def test_crowds_and_difficult_objects_become_ignored_regions(tmp_path):
    (picture,) = read_coco(coco(tmp_path / "coco", annotations=[face(iscrowd=1)]))
    assert picture.boxes_px.shape == (0, 4)
    np.testing.assert_allclose(picture.ignored_px, [FACE_PX])
    difficult = voc_object(11, 6, 22, 21, more="<difficult>1</difficult>")
    (picture,) = read_voc(voc(tmp_path / "voc", difficult))
    assert picture.boxes_px.shape == (0, 4)
    np.testing.assert_allclose(picture.ignored_px, [FACE_PX])


# --- Classes --------------------------------------------------------------------------------------


def test_other_classes_are_left_out_and_counted(tmp_path, caplog):
    categories = [{"id": 1, "name": "Face"}, {"id": 2, "name": "hand"}]
    annotations = [face(), face(category_id=2)]
    (picture,) = read_coco(coco(tmp_path / "1", annotations=annotations, categories=categories))
    assert len(picture.boxes_px) == 1
    objects = voc_object(11, 6, 22, 21) + voc_object(1, 1, 5, 5, name="hand")
    assert len(read_voc(voc(tmp_path / "2", objects))[0].boxes_px) == 1
    lines = "1 .4 .4 .3 .5\n\n0 .5 .5 .1 .1\n"
    (picture,) = read_yolo(yolo(tmp_path / "3", lines, "hand\nface"))
    np.testing.assert_allclose(picture.boxes_px, [(10, 4.5, 12, 15)], atol=1e-4)
    assert [text.split(": ")[1] for text in caplog.messages] == [
        "1 box(es) left out as no face"
    ] * 3


def test_data_without_the_class_face_is_refused(tmp_path):
    with pytest.raises(TrainingError, match="expected a class 'face', found hand"):
        read_coco(coco(tmp_path / "1", categories=[{"id": 1, "name": "hand"}]))
    with pytest.raises(TrainingError, match="expected a class 'face', found hand"):
        read_voc(voc(tmp_path / "2", voc_object(1, 1, 5, 5, name="hand")))
    with pytest.raises(TrainingError, match="expected a class 'face', found cat, hand"):
        read_yolo(yolo(tmp_path / "3", "", "hand\ncat\n"))


# --- Files ----------------------------------------------------------------------------------------


def test_missing_pictures_are_named(tmp_path):
    file = coco(tmp_path / "1")
    (tmp_path / "1" / "images" / "a.png").unlink()
    with pytest.raises(TrainingError, match=r"1 of 1 pictures of .* are missing: .*a\.png"):
        read_coco(file)
    with pytest.raises(TrainingError, match=r"missing: .*b\.png"):
        read_voc(voc(tmp_path / "2", "", filename="b.png"))
    folder = yolo(tmp_path / "3", "")
    (folder / "labels" / "b.txt").write_text("")
    with pytest.raises(TrainingError, match=r"1 label file\(s\) without a picture in .*b\.txt"):
        read_yolo(folder)


def test_a_picture_that_is_none_is_named(tmp_path):
    file = coco(tmp_path)
    (tmp_path / "images" / "a.png").write_text("no picture")
    with pytest.raises(TrainingError, match=r"a\.png is not a readable picture"):
        read_coco(file)


def test_a_resized_picture_is_refused(tmp_path):
    file = coco(tmp_path)
    save_picture(tmp_path / "images" / "a.png", 2 * WIDTH, 2 * HEIGHT)
    with pytest.raises(TrainingError, match=r"a.png is 80x60 px, but its boxes are for 40x30 px"):
        read_coco(file)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"images": [', "it: Invalid JSON"),
        ("[]", "it: Input should be an object"),
        ('{"images": [], "annotations": [], "categories": []}', "images: List should have"),
        ('{"annotations": []}', "categories: Field required"),
    ],
)
def test_what_is_no_coco_file_is_refused(tmp_path, text, fault):
    (tmp_path / "annotations.json").write_text(text)
    with pytest.raises(TrainingError, match=fault):
        read_boxes(tmp_path)


def test_boxes_of_no_picture_and_pictures_listed_twice_are_refused(tmp_path):
    with pytest.raises(TrainingError, match=r"annotations\.0: there is no image 7"):
        read_coco(coco(tmp_path / "1", annotations=[face(image_id=7)]))
    with pytest.raises(TrainingError, match="no category 3"):
        read_coco(coco(tmp_path / "2", annotations=[face(category_id=3)]))
    for images in (
        [{"id": 1, "file_name": "a.png"}, {"id": 1, "file_name": "b.png"}],
        [{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "a.png"}],
    ):
        with pytest.raises(TrainingError, match="twice"):
            read_coco(coco(tmp_path / "3", images=images))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<annotation><object>", "a.xml is broken XML"),
        ("<html/>", "is no Pascal VOC file: .* found <html>"),
        ("<annotation/>", "is no Pascal VOC file"),
        (
            "<annotation><filename>a.png</filename><object><name>face</name></object></annotation>",
            "expected a number in <bndbox/xmin>, found None",
        ),
    ],
)
def test_what_is_no_voc_file_is_refused(tmp_path, text, fault):
    (tmp_path / "a.xml").write_text(text)
    with pytest.raises(TrainingError, match=fault):
        read_boxes(tmp_path)


def test_voc_corners_need_finite_numbers(tmp_path):
    with pytest.raises(TrainingError, match=r"expected a number in <bndbox/xmax>, found 'nan'"):
        read_voc(voc(tmp_path, voc_object(1, 1, "nan", 5)))


def test_a_voc_box_of_no_width_is_dropped(tmp_path, caplog):
    (picture,) = read_voc(voc(tmp_path, voc_object(5, 1, 5, 9), size=None))
    assert picture.boxes_px.shape == (0, 4)
    assert "1 box(es) dropped as empty" in caplog.text


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("0 .5 .5 .1", "a.txt, line 2: expected class.*found 4 columns"),
        ("0 .5 .5 .1 .1 .9", "line 2: .*found 6 columns"),
        ("0 .5 .5 .1 wide", "line 2: expected numbers, found '0 .5 .5 .1 wide'"),
        ("0.5 .5 .5 .1 .1", "line 2: expected numbers"),
        ("0 .5 .5 nan .1", "line 2: expected shares of the picture"),
        ("0 200 150 30 40", "line 2: expected shares of the picture.*Divide pixels"),
        ("4 .5 .5 .1 .1", r"line 2: class 4 has no name; named are \[0\]"),
    ],
)
def test_broken_yolo_lines_are_named(tmp_path, line, fault):
    with pytest.raises(TrainingError, match=fault):
        read_yolo(yolo(tmp_path, f"0 .5 .5 .2 .2\n{line}\n", "face"))


def test_label_files_that_are_no_text_are_refused(tmp_path):
    folder = yolo(tmp_path, "")
    (folder / "labels" / "train" / "a.txt").write_bytes(b"\xff\xfe0 .5")
    with pytest.raises(TrainingError, match=r"a\.txt is no text file"):
        read_yolo(folder)


@pytest.mark.parametrize("names", ["names: [hand, face]", "names:\n  0: hand\n  1: face\n"])
def test_yolo_classes_may_be_named_in_data_yaml(tmp_path, names):
    folder = yolo(tmp_path, "1 .5 .5 .5 .5\n")
    (folder / "data.yaml").write_text(f"train: images/train\n{names}\n")
    assert len(read_yolo(folder)[0].boxes_px) == 1


@pytest.mark.parametrize("text", ["", "names: [", "train: images", "names: 3", "names: {a: face}"])
def test_a_data_yaml_without_names_is_refused(tmp_path, text):
    folder = yolo(tmp_path, "0 .5 .5 .5 .5\n")
    (folder / "data.yaml").write_text(text)
    with pytest.raises(TrainingError, match=r"data\.yaml"):
        read_yolo(folder)


def test_yolo_data_needs_named_classes_and_label_files(tmp_path):
    folder = yolo(tmp_path, "0 .5 .5 .5 .5\n")
    (folder / "classes.txt").unlink()
    with pytest.raises(TrainingError, match="does not say which class is the face"):
        read_yolo(folder)
    (folder / "classes.txt").write_text("face")
    (folder / "labels" / "train" / "a.txt").unlink()
    with pytest.raises(TrainingError, match=r"holds no \.txt file"):
        read_yolo(folder)


def test_a_yolo_picture_without_a_label_file_has_no_face(tmp_path):
    folder = yolo(tmp_path, "0 .5 .5 .5 .5\n")
    save_picture(folder / "images" / "train" / "b.png")
    assert [len(each.boxes_px) for each in read_yolo(folder)] == [1, 0]


# --- Photographs that a phone has turned ----------------------------------------------------------


def marked_picture(path, orientation):
    """Save black with one white block, tagged; return the block as it lies in the file."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    pixels[4:10, 25:37] = 255
    exif = Image.Exif()
    exif[274] = orientation
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, exif=exif, quality=100)
    return (25.0, 4.0, 12.0, 6.0)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp"])
def test_the_upright_size_is_that_of_the_picture_as_the_game_reads_it(
    tmp_path, orientation, suffix
):
    file = tmp_path / f"a{suffix}"
    marked_picture(file, orientation)
    read = read_picture(file)
    assert upright_size(file) == (read.shape[1], read.shape[0])


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_boxes_drawn_on_the_stored_picture_are_turned_upright(tmp_path, orientation, caplog):
    block = marked_picture(tmp_path / "images" / "a.jpg", orientation)
    images = [{"id": 1, "file_name": "a.jpg", "width": WIDTH, "height": HEIGHT}]
    (picture,) = read_coco(
        coco(tmp_path, images=images, annotations=[face(block), face(block, iscrowd=1)])
    )
    seen = read_picture(picture.file)
    assert seen.shape[:2] == (picture.height, picture.width) == (WIDTH, HEIGHT)
    x, y, width, height = cv2.boundingRect((seen[..., 0] > 128).astype(np.uint8))
    np.testing.assert_allclose(picture.boxes_px, [(x, y, width, height)])
    np.testing.assert_allclose(picture.ignored_px, [(x, y, width, height)])
    assert "boxes of 1 picture(s) turned upright" in caplog.text


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_boxes_drawn_on_the_upright_picture_stay(tmp_path, orientation, caplog):
    marked_picture(tmp_path / "images" / "a.jpg", orientation)
    images = [{"id": 1, "file_name": "a.jpg", "width": HEIGHT, "height": WIDTH}]
    (picture,) = read_coco(coco(tmp_path, images=images, annotations=[face((1, 2, 9, 20))]))
    np.testing.assert_allclose(picture.boxes_px, [(1, 2, 9, 20)])
    assert not caplog.messages


def test_turning_right_and_then_left_changes_nothing():
    turned = turn_upright((3, 4, 5, 6), (40, 30), 6)
    assert turned == (20, 3, 6, 5)
    assert turn_upright(turned, (30, 40), 8) == (3, 4, 5, 6)


# --- Holding back ---------------------------------------------------------------------------------


def boxed(name, group="", person=None):
    empty = np.empty((0, 4), np.float32)
    return BoxedPicture(name, 10, 10, empty, empty, group, person or name)


def test_frames_of_one_person_share_a_key_and_photographs_have_their_own(tmp_path):
    groups = {"Ada_L_01.png": "head-and-shoulders", "Ada_L_02.png": "head-and-shoulders"}
    groups |= {"n01_x.png": "no face", "single.png": "head-and-shoulders"}
    images = []
    for number, (name, group) in enumerate(groups.items()):
        save_picture(tmp_path / "images" / name)
        images.append({"id": number, "file_name": name, "group": group})
    pictures = read_coco(coco(tmp_path, images=images, annotations=[]))
    assert [each.person for each in pictures] == ["Ada_L", "Ada_L", "n01_x", "single"]
    assert [each.group for each in pictures] == list(groups.values())


def test_nobody_is_on_both_sides_and_later_pictures_move_nobody():
    pictures = [boxed(f"{n}", f"g{n % 2}", f"p{n // 3}") for n in range(1500)]
    kept, held = split_by_person(pictures, 0.2, seed=1)
    assert len(kept) + len(held) == 1500
    assert not {each.person for each in kept} & {each.person for each in held}
    for group in ("g0", "g1"):
        share = sum(each.group == group for each in held) / 750
        assert 0.13 < share < 0.27
    more = [boxed("new"), *pictures]
    assert [each for each in split_by_person(more, 0.2, 1)[1] if each.file != "new"] == held
    assert split_by_person(pictures, 0.2, seed=2)[1] != held


def test_a_single_person_cannot_be_split():
    with pytest.raises(TrainingError, match="2 pictures of 1 people cannot be split, 50% held"):
        split_by_person([boxed("a", person="x"), boxed("b", person="x")], 0.5, 0)


@pytest.fixture
def photographs(tmp_path, astronaut, hopper):
    """The astronaut in two crops and mirrored, another man, and their COCO file."""
    rng = np.random.default_rng(0)
    views = {
        "left": (astronaut[:300, 60:400], (115, 70, 100, 100)),
        "right": (astronaut[20:420, 150:512], (25, 50, 100, 100)),
        "mirrored": (astronaut[:, ::-1], (237, 70, 100, 100)),
        "hopper": (hopper[:400, :400], (150, 80, 200, 200)),
        "noise": (rng.integers(0, 255, (200, 200, 3)).astype(np.uint8), (50, 50, 80, 80)),
    }
    images, annotations = [], []
    for number, (name, (picture, box)) in enumerate(views.items()):
        (tmp_path / "images").mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / "images" / f"{name}.png"), picture)
        images.append({"id": number, "file_name": f"{name}.png"})
        annotations.append(face(box, image_id=number))
    return coco(tmp_path, images=images, annotations=annotations)


@pytest.mark.parametrize("kept", ["left", "right", "mirrored"])
def test_what_is_trained_on_in_another_cut_is_not_held_back(photographs, kept, caplog):
    pictures = {each.file.stem: each for each in read_coco(photographs)}
    trained = [pictures.pop(kept)]
    held = drop_copies(list(pictures.values()), trained)
    assert [each.file.stem for each in held] == ["hopper", "noise"]
    assert "2 of 4 held-back pictures left out" in caplog.text


def test_the_held_back_half_of_a_data_set_shows_nobody_of_the_other(photographs):
    pictures = read_coco(photographs)
    seed = next(
        seed
        for seed in range(500)
        if {"left", "hopper"}
        == {each.file.stem for each in split_by_person(pictures, 0.5, seed)[1]}
    )
    kept, held = read_split(photographs, 0.5, seed)
    assert {each.file.stem for each in kept} == {"right", "mirrored", "noise"}
    assert [each.file.stem for each in held] == ["hopper"]


def test_a_held_back_half_that_is_all_trained_on_is_refused(photographs):
    pictures = read_coco(photographs)
    seed = next(
        seed
        for seed in range(500)
        if {"left"} == {each.file.stem for each in split_by_person(pictures, 0.5, seed)[1]}
    )
    with pytest.raises(TrainingError, match="Every picture held back"):
        read_split(photographs, 0.5, seed)


def test_what_a_mac_leaves_beside_yolo_files_is_passed_over(tmp_path):
    folder = yolo(tmp_path, "0 .5 .5 .2 .2\n")
    (folder / "labels" / "train" / "._a.txt").write_bytes(b"of a Mac")
    picture = next((folder / "images" / "train").iterdir())
    picture.with_name(f"._{picture.name}").write_bytes(b"of a Mac")
    assert len(read_yolo(folder)) == 1
    picture.with_name("phone.heic").write_bytes(b"")
    with pytest.raises(TrainingError, match=r"of a format that is not read: .*phone\.heic"):
        read_yolo(folder)


def test_xml_in_an_encoding_that_is_not_known_is_told(tmp_path):
    for encoding in ("cp949", "klingon"):
        (tmp_path / "a.xml").write_text(f'<?xml version="1.0" encoding="{encoding}"?><a/>')
        with pytest.raises(TrainingError, match=r"a\.xml is broken XML"):
            read_voc(tmp_path)
