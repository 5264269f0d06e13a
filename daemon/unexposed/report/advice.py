"""What no clean copy can hide, and what to do about that."""

from __future__ import annotations

from unexposed.report.elements import Html, element
from unexposed.report.page import section
from unexposed.wording import tr


def beyond_the_copy() -> Html:
    """Return the passage that every page ends with."""
    return section(
        "beyond",
        tr("What no clean copy can hide"),
        element("p", tr("A clean copy says nothing but what the picture shows. Whoever takes it still sees:")),
        _listed(
            tr("the account that uploads it, and all that the account did before;"),
            tr("the network address that it comes from, which often tells the town;"),
            tr("the browser or app and the device that are used for it;"),
            tr("what you write beside it: a caption, a prompt, an album's name;"),
            tr("when, and how often."),
        ),
        element("p", tr("What a service does with all that, it says in its own settings. "
                       "A few that are worth a look there, under whatever name:")),
        _listed(
            tr("“privacy” or “data controls”: whether what you upload may be used to train or improve models, and since when;"),
            tr("“history” or “activity”: whether prompts and uploads are kept, for how long, and how to delete them;"),
            tr("“location”: in the service, and in the system's permissions of its app;"),
            tr("“people”, “faces” or “tags”: whether it recognises people in pictures, and who may name you;"),
            tr("“audience” or “who can see this”: what new posts and albums begin with;"),
            tr("“contacts” and “photos” in the system's permissions: give an app single pictures, not all of them."),
        ),
    )  # fmt: skip


def _listed(*items: str) -> Html:
    return element("ul", *(element("li", one) for one in items), class_="plain")
