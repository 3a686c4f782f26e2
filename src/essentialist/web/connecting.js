// Tries what Streamlit's page needs, and says what is missing where it would stay grey.
(async () => {
  const root = document.currentScript.src.split("api/connection.js")[0];
  await new Promise((resolve) => setTimeout(resolve, 1500)); // a page that comes needs nothing tried meanwhile

  const opens = () => new Promise((resolve) => {
    const socket = new WebSocket(`${root.replace(/^http/, "ws")}api/connection`);
    socket.onopen = () => resolve(true);
    socket.onerror = () => resolve(false);
    setTimeout(() => resolve(false), 10_000);
  });
  const host = async () => (await (await fetch(`${root}api/connection`)).json()).host;

  const lacks = [];
  try {
    const [isOpen, asked] = await Promise.all([opens(), host()]);
    if (!isOpen) lacks.push(["It does not pass on WebSockets.",
      "proxy_http_version 1.1;\nproxy_set_header Upgrade $http_upgrade;\nproxy_set_header Connection $connection_upgrade;"]);
    if (asked !== location.host) lacks.push([`It asks for ${asked}, not for ${location.host}.`,
      "proxy_set_header Host $http_host;"]);
  } catch { return; } // nothing answers at all: Streamlit's own page says so
  if (!lacks.length) return;

  const page = document.createElement("main");
  page.setAttribute("role", "alert");
  page.style.cssText = "position:fixed;inset:0;z-index:10000000;overflow:auto;padding:12vh max(1.5rem,calc(50vw - 20rem));" +
    "background:Canvas;color:CanvasText;color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif";
  const put = (tag, text) => { const made = document.createElement(tag); made.textContent = text; page.append(made); };
  put("h1", "The studio cannot be reached through this proxy");
  put("p", "What stands between your browser and the studio does not pass on all that it must:");
  for (const [what, remedy] of lacks) { put("h2", what); put("p", "In nginx, the location needs:"); put("pre", remedy); }
  put("p", "Caddy needs nothing more than reverse_proxy. `essentialist doctor --url` checks it from outside.");
  document.body.append(page);
})();
