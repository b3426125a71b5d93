"""Twilio's published OpenAPI document, read from the data that was collected; what it says of requests and answers."""

import gzip
import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

DOCUMENT = "messaging/twilio-oai/twilio_api_v2010.yaml.gz"
PATH = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
FORM = "application/x-www-form-urlencoded"


def collected(name: str) -> Path:
    """Return a file of the collected data; the test is skipped aloud where there is none."""
    folder = os.environ.get("GLEDE_TEST_DATA")
    if not folder or not (Path(folder) / name).exists():
        pytest.skip(f"GLEDE_TEST_DATA names no folder with {name}")
    return Path(folder) / name


@lru_cache(maxsize=1)
def _document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(gzip.decompress(path.read_bytes()), Loader=yaml.CSafeLoader)
    return found


class Contract:
    """What the document says of sending and listing messages."""

    def __init__(self) -> None:
        self.document = _document(collected(DOCUMENT))
        self.post = self.document["paths"][PATH]["post"]
        self.get = self.document["paths"][PATH]["get"]

    def check_request(self, fields: dict[str, str], account_sid: str) -> None:
        """Raise where a request to send is not as the document says: unknown fields, missing ones, wrong kinds."""
        schema = self.post["requestBody"]["content"][FORM]["schema"]
        unknown = set(fields) - set(schema["properties"])
        assert not unknown, f"the contract knows no {unknown}"
        values = {name: _value(text, schema["properties"][name]) for name, text in fields.items()}
        self._check(values, schema)
        parameters = {p["name"]: p["schema"] for p in self.post["parameters"]}
        self._check(account_sid, parameters["AccountSid"])

    def check_message(self, told: dict[str, Any]) -> None:
        """Raise where an answer to it is not as the document says."""
        self._check(told, self.post["responses"]["201"]["content"]["application/json"]["schema"])

    def check_list(self, query: dict[str, str], told: dict[str, Any]) -> None:
        """Raise where a look at the list, or its answer, is not as the document says."""
        known = {p["name"] for p in self.get["parameters"] if p["in"] == "query"}
        assert set(query) <= known, set(query) - known
        self._check(told, self.get["responses"]["200"]["content"]["application/json"]["schema"])

    def _check(self, value: object, schema: dict[str, Any]) -> None:
        jsonschema.Draft4Validator(self._plain(schema)).validate(value)

    def _plain(self, schema: Any) -> Any:
        """OpenAPI 3.0 as JSON schema: references written out, `nullable` as a second type."""
        if isinstance(schema, list):
            return [self._plain(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return self._plain(self.document["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        plain = {name: self._plain(value) for name, value in schema.items() if name != "nullable"}
        if schema.get("nullable") and "type" in plain:
            plain["type"] = [plain["type"], "null"]
        return plain


def _value(text: str, schema: dict[str, Any]) -> object:
    """A field of a form as the value it stands for."""
    if schema.get("type") == "integer":
        return int(text)
    if schema.get("type") == "boolean":
        return {"true": True, "false": False}[text]
    return text
