"""A page of our own without Streamlit and without a script, light and dark: for who is not in yet, or went astray."""

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
  a { color: var(--main) }
  li { margin: .4rem 0 }
  label { display: block; margin-bottom: .35rem }
  input, button { font: inherit; width: 100%; box-sizing: border-box; padding: .6rem .8rem; border-radius: .6rem }
  input { border: 1px solid var(--line); background: transparent; color: inherit }
  button { margin-top: .9rem; border: 0; background: var(--main); color: var(--on); font-weight: 600; cursor: pointer }
  :focus-visible { outline: 2px solid var(--main); outline-offset: 2px }
  [role=alert] { color: var(--bad); margin: .7rem 0 0 }
</style>
<main>
  <h1>essentialist</h1>
$content
</main>
</html>
""")


def page(content: str) -> str:
    """The page with this HTML below its heading."""
    return _PAGE.substitute(content=content)
