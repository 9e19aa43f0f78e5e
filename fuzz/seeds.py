"""The seeds of fuzzing: all texts and filters objects of the conformance corpus, and the language's words.

python fuzz/seeds.py FOLDER     writes FOLDER/texts/, FOLDER/filters/ and FOLDER/words
"""

import hashlib
import json
import sys
from pathlib import Path

CORPUS = Path(__file__).parents[1] / "tests" / "conformance"
WORDS = (
    "and", "or", "not", "in", "contains", "between", "is", "true", "false", "within", "before", "during", "from", "to",
    "for", "product", "products", "all", "user.", "conversation.", "sentiment", "commercialIntent", "rating", "cqi",
    "conversationCount", "lastSeen", "jailbreakDetected", "==", "!=", "<=", ">=", "&&", "||", "$x", "@x", "@y", "7d",
    "2026-01-01", "1e999", "9007199254740993", '"\\u', "\\ud83d", "#", "[", "]", "(", ")", "null", "like",
    '"rules"', '"type"', '"property"', '"analysis"', '"operator"', '"value"', '"key"', '"field"', '"eq"', '"gt"',
)  # fmt: skip
LONGEST = 2_000


def main(folder: Path) -> None:
    """Writes the seeds, each to a file named after a hash of its content."""
    cases = [case for file in sorted(CORPUS.glob("*.json")) for case in json.loads(file.read_text("utf-8"))["cases"]]
    texts = [case["text"] for case in cases if isinstance(case["text"], str)]
    filters = [json.dumps(filters) for case in cases for filters in case.get("filters", [])]
    for name, listed in (("texts", texts), ("filters", filters)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for seed in {text.encode("utf-8", "surrogateescape") for text in listed if encodable(text)}:
            if len(seed) <= LONGEST:
                (folder / name / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    quoted = (word.replace("\\", "\\\\").replace('"', '\\"') for word in WORDS)
    (folder / "words").write_text("".join(f'"{word}"\n' for word in quoted), "utf-8")


def encodable(text: str) -> bool:
    """Whether the text holds no surrogates except those that stand for bytes."""
    try:
        text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


if __name__ == "__main__":
    main(Path(sys.argv[1]))
