"""Nothing that comes from outside can run: no line of the code would let it.

What a file from outside meets instead is tested where it is read: clip packs in ``clips/test_pack``
(paths, links, bombs, sizes), model bundles in ``vision/test_classifier`` and ``tools/test_models``
(checksums, zip files), Keras files in ``training/test_export`` and ``training/test_checks``,
settings in ``test_settings`` and ``kiosk/test_kiosk_settings``, the database in
``scores/test_spool``.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted([*ROOT.glob("emotion_game/**/*.py"), *ROOT.glob("scripts/*.py")])
RUN_WHAT_THEY_READ = {"pickle", "marshal", "shelve", "dill", "joblib", "cloudpickle", "code"}
CALLS = {"eval", "exec", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load"}
#: An argument, and what must not be given for it.
ARGUMENTS = {"shell": True, "allow_pickle": True, "safe_mode": False}


def faults(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names):
                modules = {each.name.split(".")[0] for each in names}
            case ast.ImportFrom(module):
                modules = {(module or "").split(".")[0]}
            case ast.Call(function, _, keywords):
                called = ast.unparse(function)
                if called in CALLS:
                    found.append(f"{node.lineno}: {called}")
                given = {each.arg: getattr(each.value, "value", None) for each in keywords}
                for name, wrong in ARGUMENTS.items():
                    if given.get(name) is wrong:
                        found.append(f"{node.lineno}: {name}={wrong}")
                if called.endswith(".load_model") and given.get("safe_mode") is not True:
                    found.append(f"{node.lineno}: {called} without safe_mode=True")
                continue
            case _:
                continue
        found += [f"{node.lineno}: import {each}" for each in modules & RUN_WHAT_THEY_READ]
    return found


def test_no_line_runs_what_it_reads_and_no_program_is_started_through_a_shell():
    assert len(FILES) > 200
    told = {}
    for file in FILES:
        if found := faults(ast.parse(file.read_text("utf-8"))):
            told[str(file.relative_to(ROOT))] = found
    assert told == {}


@pytest.mark.parametrize(
    "line",
    [
        "import pickle", "from shelve import open", "eval(text)", "os.system('ls')",
        "subprocess.run('ls', shell=True)", "np.load(file, allow_pickle=True)",
        "keras.saving.load_model(path)", "keras.saving.load_model(path, safe_mode=False)",
    ],
)  # fmt: skip
def test_what_it_looks_for_is_found(line):
    assert faults(ast.parse(line))
