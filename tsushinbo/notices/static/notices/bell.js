// A notice that is opened is read: the page it leads to is the same for everybody and cannot note it. Without script its button does.
(() => {
  const open = (event) => {
    const link = event.target.closest("a[data-notice]");
    if (!link || event.button > 1) return;
    const row = link.closest("li");
    const form = row.querySelector("form");
    if (!form) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("read", link.dataset.notice);
    body.set("opened", "1");
    fetch(location.href, { method: "POST", body, keepalive: true, redirect: "manual" }).catch(() => {});
    form.remove();
    row.querySelector("[data-unread]").remove();
  };
  document.addEventListener("click", open);
  document.addEventListener("auxclick", open);
})();
