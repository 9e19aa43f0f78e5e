"""The cases of this folder's data files, and what the functions of segdsl are given for them."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import segdsl

FOLDER = Path(__file__).parent

Case = dict[str, Any]


@cache
def topics() -> dict[str, list[Case]]:
    """The cases of each file by its name."""
    return {file.stem: json.loads(file.read_text("utf-8"))["cases"] for file in sorted(FOLDER.glob("*.json"))}


def text_of(case: Case) -> str:
    """The case's expression; long ones are given as pieces and how often they are repeated."""
    text = case["text"]
    return text if isinstance(text, str) else "".join(piece * times for piece, times in text)


def options_of(case: Case) -> dict[str, Any]:
    """The keyword arguments of a case, without the limit."""
    declared = case.get("schema")
    schema = declared and segdsl.Schema(declared.get("properties"), declared.get("conversationProperties"))
    return {"schema": schema, "params": case.get("params"), "definitions": case.get("definitions")}
