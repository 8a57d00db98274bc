"""The masters of a product: known good and known bad parts, kept at the line to be shown to it.

``limits/<product>.yaml`` in the data folder; pictures of masters, where there are any, beside it.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from inspector.core.canonical import hash_of, sha256_hex
from inspector.core.errors import ConfigError, InputError
from inspector.core.frame import PixelFormat
from inspector.core.recipe import ProductName
from inspector.core.section import Section
from inspector.durable.files import sha256_of_file, storage_errors, write_atomically
from inspector.durable.images import IMAGE_SUFFIXES, decode_image
from inspector.durable.yaml_files import dump_yaml, load_yaml

MasterName = Annotated[str, Field(pattern=r"^[\w.@-]{1,64}$")]


class Expected(StrEnum):
    """What the station must say of a master."""

    GOOD = "good"
    BAD = "bad"


class Place(Section):
    """A rectangle in fractions (0..1) of the inspected field, which a found region must touch."""

    left: float = Field(ge=0.0, le=1.0)
    top: float = Field(ge=0.0, le=1.0)
    width: float = Field(gt=0.0, le=1.0)
    height: float = Field(gt=0.0, le=1.0)


class Master(Section):
    """One limit sample."""

    name: MasterName
    expected: Expected
    check: str = ""
    """Of a bad one: the check that must find it; empty for any."""
    place: Place | None = None
    """Of a bad one: where it must be found; None for anywhere."""
    picture: str = Field("", pattern=r"^([0-9a-f]{64}\.[a-z]{3,4})?$")
    """File of its picture; empty without one."""

    @model_validator(mode="after")
    def _good_ones_show_nothing(self) -> Master:
        if self.expected is Expected.GOOD and (self.check or self.place):
            raise ValueError(f"{self.name}: a good master has no check and no place to be found at")
        return self


class MasterList(Section):
    """All masters of a product, in the order in which they are shown."""

    product: ProductName
    masters: tuple[Master, ...] = ()

    @model_validator(mode="after")
    def _names_differ(self) -> MasterList:
        if len(set(self.names)) < len(self.masters):
            raise ValueError("masters: the same name twice")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in order."""
        return tuple(master.name for master in self.masters)

    @property
    def hash(self) -> str:
        """Identity of the list."""
        return hash_of(self.model_dump(mode="json"))

    @property
    def complete(self) -> bool:
        """True when good and bad parts can both be told: there is a master of either kind."""
        return {master.expected for master in self.masters} == set(Expected)

    def of(self, name: str) -> Master:
        """One master. Raises ``InputError``."""
        for master in self.masters:
            if master.name == name:
                return master
        known = ", ".join(self.names) or "none"
        raise InputError(f"{name}: no limit sample of {self.product}", remedy=f"Known: {known}")

    def adding(self, master: Master) -> MasterList:
        """The list with one more. Raises ``InputError`` when its name is taken."""
        if master.name in self.names:
            raise InputError(
                f"{master.name}: {self.product} has a limit sample of this name",
                remedy="Remove that one first, or choose another name",
            )
        return self.model_copy(update={"masters": (*self.masters, master)})

    def without(self, name: str) -> MasterList:
        """The list without one. Raises ``InputError`` when there is no such master."""
        gone = self.of(name)
        rest = tuple(master for master in self.masters if master is not gone)
        return self.model_copy(update={"masters": rest})


def limits_folder(data_folder: Path) -> Path:
    """Masters of all products, and their checks."""
    return data_folder / "limits"


def masters_file(data_folder: Path, product: str) -> Path:
    """Where the list of a product lies."""
    return limits_folder(data_folder) / f"{product}.yaml"


def load_masters(data_folder: Path, product: str) -> MasterList:
    """The masters of a product; an empty list where none was ever added. Raises ``ConfigError``."""
    path = masters_file(data_folder, product)
    if not path.exists():
        return MasterList(product=product)
    found = load_yaml(path, MasterList)
    if found.product != product:
        raise ConfigError(f"{path}: product: is {found.product!r}", remedy="Restore the file")
    return found


def save_masters(data_folder: Path, masters: MasterList) -> None:
    """Write the list. Raises ``StorageError``."""
    write_atomically(masters_file(data_folder, masters.product), dump_yaml(masters))


def pictures_folder(data_folder: Path, product: str) -> Path:
    """Pictures of a product's masters, named by their SHA-256."""
    return limits_folder(data_folder) / product


def keep_picture(data_folder: Path, product: str, picture: Path) -> str:
    """Keep a picture of a master, and return the name of its file. Raises ``ImageError``."""
    suffix = picture.suffix.lower()
    if suffix not in IMAGE_SUFFIXES:
        raise InputError(f"{picture}: not a picture", remedy="Give a PNG, JPEG, BMP or TIFF file")
    with storage_errors(picture):
        data = picture.read_bytes()
    decode_image(data, str(picture), PixelFormat.MONO16)
    name = f"{sha256_hex(data)}{suffix}"
    write_atomically(pictures_folder(data_folder, product) / name, data)
    return name


def picture_of(data_folder: Path, product: str, master: Master) -> Path:
    """The kept picture. Raises ``InputError`` when there is none, or another by now."""
    path = pictures_folder(data_folder, product) / master.picture
    if not master.picture:
        raise InputError(f"{master.name}: has no picture", remedy="Remove it, and add it with one")
    if not path.is_file() or sha256_of_file(path) != path.stem:
        raise InputError(f"{path}: missing or changed", remedy="Remove the master and add it again")
    return path
