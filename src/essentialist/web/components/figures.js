// The collection in a few figures; one with a query is a link to its tracks.
export default function ({ data, parentElement, setTriggerValue }) {
  const ask = (query) => setTriggerValue("asked", query);
  parentElement.querySelector(".figures").replaceChildren(element("div", { class: "chart", role: "list" },
    ...data.figures.map((figure) => element("div", { role: "listitem" }, tile(figure, ask)))));
}

function tile({ title, value, note, query }, ask) {
  const parts = [
    element("span", { class: "name quiet" }, title), element("span", { class: "value" }, value),
    element("span", { class: "note quiet" }, note || "\u00a0")];
  if (!query) return element("div", { class: "tile" }, ...parts);
  return linked(element("a", { class: "tile" }, ...parts), { query, label: `${title}: ${value}, ${note}. Show them` }, ask);
}
