// How a track sounds: each number with its place in the collection, and what it is like with how sure that is. All are
// links to tracks of the same kind.
export default function ({ data, parentElement, setTriggerValue }) {
  const ask = (query) => setTriggerValue("asked", query);
  const root = element("div", { class: "chart" },
    data.traits.length ? element("ul", { class: "traits" }, ...data.traits.map((each) => trait(each, ask))) : "",
    data.labels.length ? element("div", { class: "kinds" }, ...data.labels.map((each) => kinds(each, ask))) : "");
  withTip(root);
  parentElement.querySelector(".sounding").replaceChildren(root);
}

function trait({ title, value, words, place, percentile, help, query, is_estimate: isEstimate }, ask) {
  const said = [value, words, place].filter(Boolean).join(", ");
  const label = `${title}: ${said}. ${help ? `${help}. ` : ""}Show tracks near it`;
  const parts = [
    element("span", { class: "name" }, title, isEstimate ? estimate() : null), element("span", { class: "value" }, value),
    percentile === null ? null : bar(percentile), element("span", { class: "words quiet" }, words),
    element("span", { class: "words rank quiet" }, place)];
  return element("li", {}, linked(element("a", { class: "trait" }, ...parts), { query, label }, ask));
}

function kinds({ title, help, labels, is_estimate: isEstimate }, ask) {
  return element("section", { "aria-label": title },
    element("h3", { title: help }, title, isEstimate ? estimate() : null),
    element("ul", {}, ...labels.map(({ name, probability, query }) => {
      const share = `${Math.round(100 * probability)} %`;
      const parts = [element("span", { class: "name" }, name), bar(100 * probability), element("span", { class: "value" }, share)];
      return element("li", {}, linked(element("a", { class: "kind" }, ...parts), {
        query, label: `${name}: ${share} sure. Show tracks of it` }, ask));
    })));
}

const estimate = () => element("span", { class: "estimate quiet" }, "estimate");
const bar = (share) => element("span", { class: "bar", "aria-hidden": "true" }, element("span", { style: `width: ${share}%` }));
