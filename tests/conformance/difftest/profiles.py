"""Which features go together: each by itself, since a bug in a corner drowns in a mix, and then all of them."""

from __future__ import annotations

from collections.abc import Sequence

Profile = tuple[str, ...]

#: features that do little without others
_NEEDS = {
    "interval": ("observer",),
    "corners": ("observer",),
    "optimistic": ("observer",),
    "tracked": ("observer",),
    "many": ("observer",),
    # whose fetches are long enough to fail or wait in the middle
    "infinite": ("retry", "offline"),
    "mutations": ("retry", "offline"),
}


def profiles_of(features: Sequence[str]) -> list[Profile]:
    """The profiles of a set of features.

    Args:
        features: Features of the grammar; ``core`` is in every profile.
    """
    alone = [("core", *_NEEDS.get(feature, ()), feature) for feature in features if feature != "core"]
    return [("core",), *(tuple(dict.fromkeys(profile)) for profile in alone), tuple(features)]


def shares(count: int, profiles: Sequence[Profile]) -> dict[Profile, int]:
    """How many scenarios each profile gets: equally many, what is left over goes to the first ones.

    Args:
        count: Of all scenarios.
        profiles: The profiles.
    """
    base, left = divmod(count, len(profiles))
    return {profile: base + (number < left) for number, profile in enumerate(profiles)}


def name_of(profile: Profile) -> str:
    """A profile as the command line takes it."""
    return ",".join(profile)
