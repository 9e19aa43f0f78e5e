"""Small config files around one `where`."""

from segdsl.config import load
from segdsl.config.document import FormatName, LocatedText
from segdsl.config.model import Config

BEFORE: dict[FormatName, str] = {
    "toml": '# é😀\n[[segment]]\nname = "Große 😀"\nwhere = ',
    "yaml": "# é😀\nsegment:\n- name: Große 😀\n  where: ",
    "json": '{"segment": [{"name": "Große 😀", "where": ',
}
AFTER: dict[FormatName, str] = {
    "toml": " # é\nicon = \"Users\" # '\"\n\n[define]\nb = 'c'\n",
    "yaml": "\n  # é\n  icon: Users # '\"\n\ndefine:\n  b: c\n",
    "json": ', "icon": "Users"}], "define": {"b": "c"}}\n',
}


def config_of(text: str, form: FormatName) -> Config:
    """The config of a text without problems."""
    config, problems = load.loads(text, f"segments.{form}", form)
    assert not problems, "\n".join(map(str, problems))
    assert config is not None
    return config


def where_of(config: Config) -> LocatedText:
    return config.segments[0].where
