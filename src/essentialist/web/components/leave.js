// Logs this browser out: the cookie is not for scripts, so the studio is asked to take it back.
export default function ({ parentElement }) {
  const leave = () => location.assign(studioEngine().url("logout"));
  parentElement.querySelector(".leave").replaceChildren(element("button", { class: "quiet", onclick: leave }, "Log out"));
}
