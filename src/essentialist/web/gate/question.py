"""The page that asks for the password: one form, no script, light and dark."""

from __future__ import annotations

from string import Template

_PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>essentialist</title>
<style>
  :root { color-scheme: light dark; --back: #fbfaf7; --text: #1d1f20; --line: #8d8778; --main: #0b6e69;
    --on: #fff; --bad: #a3290f }
  @media (prefers-color-scheme: dark) { :root { --back: #121416; --text: #eceae5; --line: #6c757b; --main: #4fd1c5;
    --on: #121416; --bad: #ff9d87 } }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--text);
    font: 1rem/1.5 system-ui, sans-serif }
  main { width: min(22rem, 100vw - 3rem) }
  h1 { font-size: 1.6rem; margin: 0 0 1.25rem }
  label { display: block; margin-bottom: .35rem }
  input, button { font: inherit; width: 100%; box-sizing: border-box; padding: .6rem .8rem; border-radius: .6rem }
  input { border: 1px solid var(--line); background: transparent; color: inherit }
  button { margin-top: .9rem; border: 0; background: var(--main); color: var(--on); font-weight: 600; cursor: pointer }
  :focus-visible { outline: 2px solid var(--main); outline-offset: 2px }
  [role=alert] { color: var(--bad); margin: .7rem 0 0 }
</style>
<main>
  <h1>essentialist</h1>
  <form method="post">
    <label for="password">Password of this studio</label>
    <input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
    <button>Open</button>
    $complaint
  </form>
</main>
</html>
""")


def page(*, wrong: bool = False, wait_s: float = 0.0) -> str:
    """The page, and what was wrong the last time."""
    complaint = ""
    if wait_s > 0:
        complaint = f"Too many wrong passwords. Try again in {int(wait_s) + 1} s."
    elif wrong:
        complaint = "That is not the password."
    return _PAGE.substitute(complaint=f'<p role="alert">{complaint}</p>' if complaint else "")
