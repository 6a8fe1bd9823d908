"""How the app is served: files compressed once, everything imported before the first visit, one thread for BLAS."""

import asyncio
import gc
import gzip
import pkgutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir
from threadpoolctl import threadpool_limits

from lessons.ui.assets import MEDIA_TYPES, asset_files, asset_version

IMMUTABLE = {"Cache-Control": "public, immutable, max-age=31536000", "Vary": "Accept-Encoding"}
LIBRARIES = ("numpy", "scipy.sparse", "scipy.special", "sklearn.decomposition", "sklearn.neighbors")
OPEN_FILES = 8192
SCRIPT = "lessons.visit"


class Compressed:
    """Gzip copies of files, each made once, in a thread, when it is first asked for."""

    def __init__(self) -> None:
        self._copies: dict[Path, asyncio.Task[bytes]] = {}

    async def copy(self, path: Path) -> bytes:
        """Return the copy of `path`; visitors who ask while it is being made wait for the same one."""
        if path not in self._copies:
            self._copies[path] = asyncio.create_task(asyncio.to_thread(_gzip, path))
        return await asyncio.shield(self._copies[path])  # one visitor who leaves must not cancel it for the others

    async def response(self, path: Path, request: Request) -> Response:
        """Answer with `path`, compressed if the browser takes gzip, to be kept for a year."""
        media_type = MEDIA_TYPES[path.suffix]
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return FileResponse(path, media_type=media_type, headers=IMMUTABLE)
        headers = IMMUTABLE | {"Content-Encoding": "gzip"}
        return Response(await self.copy(path), media_type=media_type, headers=headers)


def _gzip(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=6, mtime=0)  # 9 takes longer by a third and gains 0.2 %


def _base() -> str:
    """Return what a school's proxy may put before every address, "" as a rule."""
    path = str(st.get_option("server.baseUrlPath")).strip("/")
    return f"/{path}" if path else ""


def routes() -> list[BaseRoute]:
    """Return the route of our own files, `/assets/<version>/<file>`: only names that were listed exist."""
    compressed = Compressed()

    async def asset(request: Request) -> Response:
        path = asset_files().get(request.path_params["file"])
        if path is None or request.path_params["version"] != asset_version():
            raise HTTPException(404)
        return await compressed.response(path, request)

    return [Route(f"{_base()}/assets/{{version}}/{{file}}", asset)]


class CompressStatic:
    """Answer for Streamlit's own scripts and styles, whose names carry a hash, with gzip copies.

    Streamlit serves them as they are, since its own layer would compress them anew for every visitor.
    """

    def __init__(self, app: ASGIApp) -> None:
        folder = Path(get_static_dir())
        self.app = app
        self.compressed = Compressed()
        self.files = {
            f"{_base()}/{path.relative_to(folder).as_posix()}": path
            for path in (folder / "static").rglob("*.*")
            if path.suffix in {".js", ".css"}
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from a copy, or pass the request on."""
        path = self.files.get(scope.get("path", "")) if scope["type"] == "http" else None
        if path is None or scope["method"] != "GET" or "range" in Request(scope).headers:
            await self.app(scope, receive, send)
        else:
            response = await self.compressed.response(path, Request(scope))
            await response(scope, receive, send)


def middleware() -> list[Middleware]:
    """Return what stands between a visitor and Streamlit."""
    return [Middleware(CompressStatic)]


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Before the first visit: import everything, hold the number crunchers to one thread, freeze what is there."""
    for name in (*LIBRARIES, *_modules("core"), *_modules("lessons")):
        import_module(name)
    threadpool_limits(1)
    _allow_many_files()
    asset_version()
    gc.collect()
    gc.freeze()  # what lives as long as the process need not be looked through again
    yield


def _allow_many_files() -> None:
    """Raise the limit of open files where the system lets us: a visitor holds four, and 1024 refuse the 255th."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _modules(package: str) -> list[str]:
    found = pkgutil.walk_packages(import_module(package).__path__, f"{package}.")
    return [module.name for module in found if module.name != SCRIPT]


def on_script_error(error: Exception) -> bool:
    """Say calmly that the page failed; Streamlit has already written the error to the server's log.

    Returns True: Streamlit shows nothing of its own.
    """
    st.error("This page could not be drawn. Reload it; if that does not help, go back to the first page.", icon=None)
    return True
