// Keeps a value in this browser, and tells it to the studio once where the studio has none.
export default function ({ data, setStateValue }) {
  const name = `essentialist.${data.name}`;
  if (data.value !== null) localStorage.setItem(name, JSON.stringify(data.value));
  else if (localStorage.getItem(name)) setStateValue("value", JSON.parse(localStorage.getItem(name)));
}
