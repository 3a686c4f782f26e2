"""The page that asks for the password: one form."""

from __future__ import annotations

from string import Template

from essentialist.web import bare

_FORM = Template("""\
  <form method="post">
    <label for="password">Password of this studio</label>
    <input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
    <button>Open</button>
    $complaint
  </form>""")


def page(*, wrong: bool = False, wait_s: float = 0.0) -> str:
    """The page, and what was wrong the last time."""
    complaint = ""
    if wait_s > 0:
        complaint = f"Too many wrong passwords. Try again in {int(wait_s) + 1} s."
    elif wrong:
        complaint = "That is not the password."
    return bare.page(_FORM.substitute(complaint=f'<p role="alert">{complaint}</p>' if complaint else ""))
