"""Results as OGC API Features, so that QGIS and others connect to a URL; pygeoapi does the protocol.

Comes in: GeoJSON files of ours. Goes out: a WSGI application that only reads. Must not know: results, ports.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pyogrio
from flask import Flask, Response, request
from pygeoapi import api as core
from pygeoapi.api import API, APIRequest, itemtypes
from pygeoapi.openapi import get_oas
from werkzeug.middleware.proxy_fix import ProxyFix

from xingu_geo import __version__
from xingu_geo.ground.base.say import Bilingual

READING: Final = ("GET", "HEAD", "OPTIONS")
PAGE: Final = 1_000
PAGE_MAX: Final = 10_000
PROVIDER: Final = "xingu_geo.doors.exchange.ogc_provider.ReadOnlyFeatures"
Handler = Callable[..., tuple[Mapping[str, str], int, str | bytes]]


def ogc_application(files: Mapping[str, tuple[Path, Bilingual]], *, url: str) -> Flask:
    """A read-only OGC API Features service at ``url`` with one collection per entry of ``files``.

    ``files`` maps a collection's id to its GeoJSON file (WGS 84, text ids) and its title. Answers are always JSON:
    pygeoapi's HTML pages would fetch their style from outside.
    """
    config = _config(files, url)
    service = API(config, get_oas(config))
    application = Flask("xingu_geo")
    application.wsgi_app = ProxyFix(application.wsgi_app)  # type: ignore[method-assign]
    for rule, handler in _ROUTES.items():
        application.add_url_rule(rule, rule, _view(service, handler), methods=["GET"])
    application.register_error_handler(405, _refused)
    logging.getLogger("pygeoapi").setLevel(logging.ERROR)
    return application


_ROUTES: Final[Mapping[str, Handler]] = {
    "/": core.landing_page,
    "/openapi": core.openapi_,
    "/conformance": core.conformance,
    "/collections": core.describe_collections,
    "/collections/<collection>": core.describe_collections,
    "/collections/<collection>/schema": core.get_collection_schema,
    "/collections/<collection>/queryables": itemtypes.get_collection_queryables,
    "/collections/<collection>/items": itemtypes.get_collection_items,
    "/collections/<collection>/items/<item>": itemtypes.get_collection_item,
}


def _view(service: API, handler: Handler) -> Callable[..., Response]:
    def answer(**parts: str) -> Response:
        asked = APIRequest.from_flask(request, service.locales)
        asked._format = "json"  # noqa: SLF001 - the one way to settle the format before pygeoapi looks at the headers
        headers, status, content = handler(service, asked, *parts.values())
        return Response(content, status=status, headers=dict(headers))

    return answer


def _refused(_error: Exception) -> Response:
    told = {"code": "MethodNotAllowed", "description": "This service only reads."}
    return Response(json.dumps(told), status=405, headers={"Allow": ", ".join(READING)}, mimetype="application/json")


def _config(files: Mapping[str, tuple[Path, Bilingual]], url: str) -> dict[str, Any]:
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": url,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["zh-CN", "en-US"],
            "limits": {"default_items": PAGE, "max_items": PAGE_MAX},
            "gzip": False,
            "pretty_print": False,
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": {"zh": "xingu_geo 选址结果", "en": "xingu_geo siting results"},
                "description": {"zh": "只读", "en": f"read-only; version {__version__}"},
                "keywords": ["siting", "sewer"],
                "terms_of_service": "",
                "url": url,
            },
            "license": {"name": "MIT", "url": ""},
            "provider": {"name": "xingu_geo", "url": url},
            "contact": {"name": "xingu_geo", "email": ""},
        },
        "resources": {name: _resource(path, title) for name, (path, title) in files.items()},
    }


def _resource(path: Path, title: Bilingual) -> dict[str, Any]:
    box = pyogrio.read_info(path, force_total_bounds=True)["total_bounds"]
    return {
        "type": "collection",
        "title": {"zh": title.zh, "en": title.en},
        "description": {"zh": title.zh, "en": title.en},
        "keywords": ["siting"],
        "links": [],
        "extents": {
            "spatial": {"bbox": [float(edge) for edge in box], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}
        },
        "providers": [{"type": "feature", "name": PROVIDER, "data": str(path), "id_field": "id"}],
    }
