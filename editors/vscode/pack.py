"""Packs the built extension into a file that VS Code installs: `python pack.py dist/extension.js`.

The usual tool for this, vsce, is 250 packages; the file is a zip with the extension's files and two descriptions of it.
"""

import json
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

HERE = Path(__file__).parent
LICENCE = HERE.parents[1] / "LICENSE"
TYPES = """\
<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
{types}
</Types>
"""
MANIFEST = """\
<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id={name} Version={version} Publisher={publisher}/>
    <DisplayName>{display_name}</DisplayName>
    <Description xml:space="preserve">{description}</Description>
    <Categories>{categories}</Categories>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value={engine}/>
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace"/>
    </Properties>
    <License>extension/LICENSE.txt</License>
  </Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Dependencies/>
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true"/>
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE.txt" Addressable="true"/>
  </Assets>
</PackageManifest>
"""


def pack(built: Path) -> Path:
    """Writes the package beside the built extension. Returns its path."""
    package = json.loads((HERE / "package.json").read_text(encoding="utf-8"))
    contents = {
        "extension/package.json": (HERE / "package.json").read_text(encoding="utf-8"),
        "extension/README.md": (HERE / "README.md").read_text(encoding="utf-8"),
        "extension/LICENSE.txt": LICENCE.read_text(encoding="utf-8"),
        "extension/THIRD-PARTY.txt": licences(),
        "extension/dist/extension.js": built.read_text(encoding="utf-8"),
        "extension.vsixmanifest": MANIFEST.format(
            name=quoteattr(package["name"]),
            version=quoteattr(package["version"]),
            publisher=quoteattr(package["publisher"]),
            display_name=escape(package["displayName"]),
            description=escape(package["description"]),
            categories=escape(",".join(package["categories"])),
            engine=quoteattr(package["engines"]["vscode"]),
        ),
    }
    endings = {"vsixmanifest": "text/xml", "json": "application/json", "md": "text/markdown", "txt": "text/plain"}
    endings["js"] = "application/javascript"
    contents["[Content_Types].xml"] = TYPES.format(
        types="\n".join(f'<Default Extension=".{ending}" ContentType="{kind}"/>' for ending, kind in endings.items())
    )
    path = built.with_name(f"{package['name']}-{package['version']}.vsix")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in contents.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)  # without a time: the same each time
    return path


def licences() -> str:
    """The licences of the packages that are bundled."""
    packages = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    bundled = [HERE / name for name, package in packages.items() if name and not package.get("dev")]
    files = [next(path for path in folder.iterdir() if path.stem.lower() == "license") for folder in bundled]
    texts = [f"{file.parent.name}\n\n{file.read_text(encoding='utf-8').strip()}" for file in files]
    return f"\n\n{'-' * 80}\n\n".join(texts) + "\n"


if __name__ == "__main__":
    print(pack(Path(sys.argv[1])))
