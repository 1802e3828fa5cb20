"""Compile the native backend where a C compiler is at hand; without one the package is pure Python and says so."""

from __future__ import annotations

import importlib.util
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NATIVE = Path(__file__).parent / "src" / "tasou" / "backends" / "native"


class NativeBuildHook(BuildHookInterface):
    """Prints the formulas as C, compiles them, and puts the library beside the Python code that loads it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before the wheel (or the editable install) is put together."""
        if self.target_name != "wheel":
            return
        library = load_building().build(say=self.app.display_info)
        if library is None:
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{platform_tag()}"
        build_data["artifacts"].append(library.relative_to(self.root).as_posix())


def load_building() -> Any:
    """The part of the package that builds it, by its place: the package as a whole cannot be imported yet."""
    folder = NATIVE / "building"
    spec = importlib.util.spec_from_file_location(
        "tasou_building", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def platform_tag() -> str:
    """The platform as wheels name it, e.g. ``linux_x86_64``."""
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")
