"""The description of the API by OpenAPI 3.1. A test compares it with the routes, and with real answers."""

from __future__ import annotations

import json
from typing import Any, get_args

from futoshiki import __version__
from futoshiki.live.session import State
from futoshiki.resources import result_schema
from futoshiki.solving.hints import HintKind
from futoshiki.web.guards import PAGE, PAGE_HEADER
from futoshiki.web.limits import FRAME_BYTES, FRAME_PIXELS, JSON_BYTES, PHOTO_BYTES, PHOTO_PIXELS

Schema = dict[str, Any]


def document() -> Schema:
    """The description, as JSON values."""
    picture = _picture("JPEG, PNG, WebP, GIF, BMP, TIFF, PPM or HEIC", PHOTO_BYTES, PHOTO_PIXELS)
    frame = _picture("A frame of the camera, best a JPEG of 1280 x 720 pixels", FRAME_BYTES, FRAME_PIXELS)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "futoshiki web",
            "version": __version__,
            "description": "Reads and solves photos of Futoshiki puzzles. Rows and columns in JSON count from 0.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/api/solve": {"post": _operation("solve", "Read and solve every puzzle in a picture", picture, "Solved")},
            "/api/settle": {
                "post": _operation("settle", "Put clues of a board right, without the picture", _asked("Settle"), "Result")
            },
            "/api/hint": {"post": _operation("hint", "The next step, in three levels", _asked("Question"), "Hint")},
            "/api/check": {"post": _operation("check", "The mistakes among the entries", _asked("Question"), "Check")},
            "/api/live": {"post": _operation("begin", "Begin a live session with the first frame", frame, "FirstSight")},
            "/api/live/{id}": {
                "post": _operation("step", "The next frame of a live session", frame, "Sight", _ID),
                "delete": _operation("end", "End a live session", None, None, _ID),
            },
            "/api/health": {"get": _operation("health", "Whether the server runs", None, "Health", open_to_all=True)},
            "/api/openapi.json": {"get": _operation("openapi", "This description", None, "Document", open_to_all=True)},
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "The access key, if the server runs with --lan."}
            },
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(fields: dict[str, Schema], optional: dict[str, Schema] | None = None) -> Schema:
    return {"type": "object", "required": list(fields), "properties": {**fields, **(optional or {})}}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_INTEGER, _NUMBER, _TEXT = ({"type": kind} for kind in ("integer", "number", "string"))
_ID = {"name": "id", "in": "path", "required": True, "schema": _TEXT, "description": "The `id` of POST /api/live."}
_PAGE_HEADER = {
    "name": PAGE_HEADER,
    "in": "header",
    "required": True,
    "schema": {"type": "string", "const": PAGE},
    "example": PAGE,
    "description": "Shows that no foreign page sends the request.",
}
_REFUSALS = {
    "400": "The request is malformed; the sentence names the field.",
    "401": "The access key is missing or wrong.",
    "403": "Another page or another name of the server, or the page's header is missing.",
    "404": "The live session has ended.",
    "408": "The body did not arrive in time.",
    "409": "The puzzle has no solution or several, or takes too long; or the last frame is not done yet.",
    "413": "The body or the picture is too large.",
    "415": "This is not a picture that can be read.",
    "500": "A bug; please report it.",
    "503": "There is too much to do; try again after `Retry-After` seconds.",
}


def _operation(
    name: str, summary: str, body: Schema | None, answer: str | None, *parameters: Schema, open_to_all: bool = False
) -> Schema:
    """One way to ask: `answer` names the schema of the answer; None gives an empty one."""
    refusals = {
        status: {"description": text, "content": {"application/json": {"schema": _ref("Error")}}}
        for status, text in _REFUSALS.items()
        if not open_to_all or status in ("403", "500")
    }
    refusals.get("503", {}).update(headers={"Retry-After": {"schema": _INTEGER, "description": "Seconds."}})
    right = {"description": "The answer.", "content": {"application/json": {"schema": _ref(answer)}}} if answer else None
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [*parameters, *([] if open_to_all else [_PAGE_HEADER])],
        **({"requestBody": body} if body else {}),
        "responses": {**({"200": right} if right else {"204": {"description": "Done."}}), **refusals},
        **({} if open_to_all else {"security": [{"key": []}, {}]}),
    }


def _picture(what: str, size: int, pixels: int) -> Schema:
    """The body that holds a picture of at most so many bytes and pixels."""
    description = f"{what}; at most {size // 1_000_000} MB and {pixels // 1_000_000} million pixels."
    form = _object({"file": {"type": "string", "contentMediaType": "image/*"}})
    content = {"image/*": {"schema": {}}, "multipart/form-data": {"schema": form}}
    return {"required": True, "description": description, "content": content}


def _asked(schema: str) -> Schema:
    return {
        "required": True,
        "description": f"At most {JSON_BYTES // 1000} kB.",
        "content": {"application/json": {"schema": _ref(schema)}},
    }


def _schemas() -> dict[str, Schema]:
    """Every schema by name."""
    number = {"type": "integer", "minimum": 1, "description": "The board in page order from 1; by default the best one."}
    entries = _or_null(_list(_ref("Entry")))
    entries["description"] = "What the player has written; by default the handwriting that was read."
    sight: dict[str, Schema] = {
        "state": {"enum": list(get_args(State))},
        "seconds": _NUMBER,
        "frame": _INTEGER,
        "looks": {"type": "integer", "description": "Readings that the answer rests on."},
        "board": _or_null(_ref("Board")),
    }
    picture = _object({"width": _INTEGER, "height": _INTEGER})
    settled = {**_list({"type": "string", "example": "r3c2=4"}), "description": "r3c2=4, r3c2=0 (blank), r1c1<r1c2, r1c1|r1c2"}
    return {
        "Error": _object({"error": {"type": "string", "description": "What is wrong, and what to do."}}),
        "Health": _object({"status": {"const": "ok"}, "version": _TEXT}),
        "Document": _object({"openapi": _TEXT, "info": {"type": "object"}, "paths": {"type": "object"}}),
        **_results(),
        "Solved": {"allOf": [_ref("Result"), _object({"picture": picture})]},
        "Settle": _object({"result": _ref("Result"), "settled": settled}, {"board": number}),
        "Question": _object({"result": _ref("Result")}, {"board": number, "entries": entries}),
        "Hint": _object(
            {
                "kind": {"enum": list(get_args(HintKind))},
                "level1": {"type": "string", "description": "Where to look."},
                "level2": {"type": "string", "description": "Why."},
                "level3": {"type": "string", "description": "The move."},
                "cells": {**_list(_ref("Cell")), "description": "The cells to look at."},
                "lines": {**_list(_list(_ref("Cell"))), "description": "The rows and columns to look at, by their cells."},
                "details": {**_list(_TEXT), "description": "The smaller steps that level 2 only counts."},
                "arrow": _or_null(_list(_ref("Cell"))),
                "cell": _or_null(_ref("Cell")),
                "value": _or_null(_INTEGER),
            }
        ),
        "Check": _object({"mistakes": _list(_ref("Entry")), "left": _INTEGER, "message": _TEXT}),
        "Sight": _object(sight),
        "FirstSight": _object({"id": _TEXT, **sight}),
    }


def _results() -> dict[str, Schema]:
    """The schema of results that ships with the package; its definitions become schemas of their own here."""
    result = json.loads(json.dumps(result_schema()).replace('"#/$defs/', '"#/components/schemas/'))
    parts: dict[str, Schema] = result["$defs"]
    return {**parts, "Result": {key: value for key, value in result.items() if not key.startswith("$")}}
