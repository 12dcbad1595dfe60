"""What pyproject.toml cannot say: the server's script and the pages, outside of the package, belong into the wheel.

They go into a folder of their own, `cnn_dash/dashboard`, with Streamlit's settings beside the script, where Streamlit
looks for them. It puts that folder on the import path: there must be nothing in it that could hide another module.
"""

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py


class WithoutThisFile(build_py):
    """Takes the server's script along, which lies beside this file, but not this file."""

    def find_package_modules(self, package: str, package_dir: str) -> list[tuple[str, str, str]]:
        """Return package, name and path of the modules of a package."""
        found: list[tuple[str, str, str]] = super().find_package_modules(package, package_dir)
        return [module for module in found if module[1] != "setup"]


setup(
    cmdclass={"build_py": WithoutThisFile},
    packages=[*find_packages(include=["cnn_dash", "cnn_dash.*"]), "cnn_dash.dashboard", "cnn_dash.dashboard.pages"],
    package_dir={"cnn_dash.dashboard": ".", "cnn_dash.dashboard.pages": "pages"},
    package_data={
        "cnn_dash": [
            "ui/*.svg",
            *(f"{room}/*/*.{kind}" for room in ("ui/components", "exporters") for kind in ("js", "css", "html")),
        ],
        "cnn_dash.dashboard": [".streamlit/config.toml"],
    },
)
