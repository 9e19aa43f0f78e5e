"""`python -m docsgen`: writes every file that is made from the code."""

from docsgen.outputs import DOCS, outputs

for path, text in outputs():
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(f"wrote docs/{path.relative_to(DOCS).as_posix()}")
