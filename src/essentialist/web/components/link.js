// A link that downloads one of the studio's answers.
export default function ({ data, parentElement }) {
  parentElement.querySelector(".link").replaceChildren(
    element("a", { href: studioEngine().url(data.path), download: true, target: "_self" }, data.label));
}
