"""The code blocks of the documentation, and what each of them needs to be installed."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
# docs/API.md is generated from docstrings.
WRITTEN = sorted(path.name for path in (ROOT / "docs").glob("*.md") if path.name != "API.md")
PAGES = ["README.md", "CONTRIBUTING.md", *(f"docs/{name}" for name in WRITTEN)]
DEFAULT_REQUIREMENTS = "ovs-mock[pytest]"


@dataclass(frozen=True)
class Snippet:
    """A code block of a page."""

    page: str
    language: str
    text: str

    @property
    def module(self) -> str:
        """The name of the test module, from the first line of a Python block."""
        name = re.match(r"# (test_\w+)\.py\n", self.text)
        assert name, f"{self.page}: a Python block begins with the name of its test file: {self.text[:40]!r}"
        return name.group(1)

    @property
    def requirements(self) -> str:
        """What has to be installed for a Python block: its second line, or the default."""
        needs = re.match(r"#.*\n# needs: (.+)\n", self.text)
        return needs.group(1) if needs else DEFAULT_REQUIREMENTS

    @property
    def tests(self) -> int:
        """How many tests a Python block has."""
        return len(re.findall(r"^ *(?:async )?def test_", self.text, re.MULTILINE))


def snippets(language: str, *pages: str) -> list[Snippet]:
    """The blocks of a language on some pages, or on all, in their order."""
    pattern = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [
        Snippet(page, language, text) for page in pages or PAGES for text in pattern.findall((ROOT / page).read_text())
    ]
