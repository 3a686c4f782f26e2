"""The draft in a browser: what is dragged, locked, removed and swapped stays so after the studio has answered."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import studios

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from conftest import Collection

pytest_plugins = ("browsing",)
pytestmark = studios.needs_chromium
N_TRACKS = 4


@pytest.fixture(scope="module")
def served(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[studios.Served]:
    folder = tmp_path_factory.mktemp("drafting")
    catalog = folder / "catalog.db"
    shutil.copy(collection.catalog, catalog)
    with studios.served(catalog, environment={"ESSENTIALIST_RECIPES": str(folder / "recipes")}) as served:
        yield served


@pytest.fixture
def page(browser: Browser, served: studios.Served) -> Iterator[Page]:
    """The page Build with a draft of a few tracks; nothing that goes wrong in a script is passed over."""
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    studios.arrive(page, f"{served.url}/build")
    page.get_by_label("Length", exact=True).fill(str(N_TRACKS))
    page.get_by_label("Length", exact=True).press("Enter")
    expect(rows(page)).to_have_count(N_TRACKS)
    studios.settled(page)
    yield page
    assert complaints == []
    page.close()


def rows(page: Page) -> Locator:
    return page.locator(".draft li[data-id]")


def ids(page: Page) -> list[str]:
    return [str(each) for each in rows(page).evaluate_all("rows => rows.map((row) => row.dataset.id)")]


def expect_ids(page: Page, wished: list[str]) -> None:
    """Wait until the rows are these and the studio has answered, and see that they still are."""
    for place, each in enumerate(wished):
        expect(rows(page).nth(place)).to_have_attribute("data-id", each)
    expect(rows(page)).to_have_count(len(wished))
    expect(page.locator(".draft [data-act=undo]")).to_be_enabled()
    studios.settled(page)
    assert ids(page) == wished


def press(page: Page, place: int, act: str) -> None:
    rows(page).nth(place).locator(f"[data-act={act}]").click()


def test_a_row_that_is_dragged_stays_where_it_was_dropped(page: Page) -> None:
    first, second, third, fourth = ids(page)
    grip, target = rows(page).nth(0).locator("[data-act=move]").bounding_box(), rows(page).nth(2).bounding_box()
    assert grip is not None
    assert target is not None
    curve = page.locator(".curve polyline.tempo").get_attribute("points")
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, target["y"] + target["height"] - 4, steps=5)
    assert page.locator(".curve polyline.tempo").get_attribute("points") != curve  # while the pointer is down
    page.mouse.up()
    expect_ids(page, [second, third, first, fourth])
    kept = "ids => Object.values(localStorage).some((value) => value.includes(ids))"
    page.wait_for_function(kept, arg=",".join([second, third, first, fourth]))  # it comes back with the next run
    page.reload()
    expect(rows(page)).to_have_count(N_TRACKS)
    assert ids(page) == [second, third, first, fourth]


def test_keys_move_a_row_and_keep_the_focus(page: Page) -> None:
    first, second, third, fourth = ids(page)
    rows(page).nth(0).locator("[data-act=move]").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect_ids(page, [second, first, third, fourth])
    page.keyboard.press("Alt+ArrowDown")
    expect_ids(page, [second, third, first, fourth])
    page.keyboard.press("Control+z")
    expect_ids(page, [second, first, third, fourth])


def test_what_is_removed_comes_back_where_it_was(page: Page) -> None:
    before = ids(page)
    press(page, 1, "remove")
    expect_ids(page, [before[0], *before[2:]])
    page.get_by_role("button", name="Undo").click()
    expect_ids_after_undo(page, before)
    page.get_by_role("button", name="Redo").click()
    expect_ids(page, [before[0], *before[2:]])


def expect_ids_after_undo(page: Page, wished: list[str]) -> None:
    expect(rows(page)).to_have_count(len(wished))
    expect(page.locator(".draft [data-act=redo]")).to_be_enabled()
    assert ids(page) == wished


def test_another_choice_leaves_what_is_locked(page: Page) -> None:
    locked = ids(page)[2]
    press(page, 2, "lock")
    expect(rows(page).nth(2).locator("[data-act=lock]")).to_have_attribute("aria-pressed", "true")
    studios.settled(page)
    seen = {tuple(ids(page))}
    for _ in range(4):
        with studios.runs_again(page):
            page.get_by_role("button", name="Another choice").click()
        expect(page.get_by_role("button", name="Another choice")).to_be_enabled()
        expect(rows(page).nth(2)).to_have_attribute("data-id", locked)
        seen.add(tuple(ids(page)))
    assert len(seen) > 1


def test_a_similar_one_takes_the_place(page: Page) -> None:
    before = ids(page)
    press(page, 1, "swap")
    offers = page.locator(".offer")
    expect(offers.first).to_be_visible()
    said = offers.first.locator(".what").inner_text()
    offers.first.get_by_role("button", name="Take").click()
    expect(rows(page).nth(1).locator(".why")).to_contain_text("close in sound to")
    assert said.startswith(rows(page).nth(1).locator(".title").inner_text())
    assert ids(page)[0] == before[0]
    assert ids(page)[1] not in before


def test_tracks_are_picked_by_typing_and_the_draft_follows(page: Page) -> None:
    page.get_by_text("Like tracks", exact=True).click()
    search = page.locator(".picker input").first
    search.fill("metronomes one")
    page.get_by_role("button", name="Take One").click()
    expect(page.locator(".picker .chosen li")).to_have_count(1)
    seed = rows(page).filter(has=page.get_by_text("One", exact=True))
    expect(seed.locator(".why")).to_contain_text("what the others should be like")


def test_what_is_looked_at_is_downloaded_and_saved_lists_can_be_played(page: Page) -> None:
    page.get_by_role("button", name="Export").click()
    looked_at = page.get_by_test_id("stCode").inner_text()
    with page.expect_download() as download:
        page.locator(".link a").first.click()
    lines = download.value.path().read_text(encoding="utf-8").splitlines()
    assert looked_at.split("\n") == lines[: len(looked_at.split("\n"))]
    assert len(lines) == 2 + 2 * N_TRACKS
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Name", exact=True).fill("Kept <b>")
    page.get_by_label("Name", exact=True).press("Enter")
    studios.settled(page)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Saved as kept")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Playlists").click()
    page.get_by_role("button", name="Play Kept <b>").click()
    expect(page.locator(".player .title")).not_to_have_text("Nothing plays")


def test_a_list_of_elsewhere_is_brought_in(page: Page) -> None:
    page.locator(".draft [data-act=clear]").click()
    expect(rows(page)).to_have_count(0)
    page.get_by_role("link", name="Playlists").click()
    page.get_by_text("Bring in a playlist file").click()
    content = b"#EXTM3U\nBeats/01 One.flac\nnowhere/<b>.mp3\n"
    page.locator("input[type=file]").set_input_files(
        {"name": "a.m3u", "mimeType": "audio/x-mpegurl", "buffer": content}
    )
    expect(page.get_by_text("1 of 2 entries are in the library.")).to_be_visible()
    page.get_by_role("button", name="Add to the draft").click()
    expect(page.get_by_text("Added 1 track")).to_be_visible()
    page.get_by_role("link", name="Build").click()
    expect(rows(page)).to_have_count(1)
    expect(rows(page).locator(".title")).to_have_text("One")
