// Suggestions under a search box, as an ARIA combobox; their list comes by htmx. Without this script the box is a plain form.
"use strict";

for (const box of document.querySelectorAll("input[data-hints]")) {
  const list = document.getElementById(box.dataset.hints);
  let at = -1;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const said = () => list.parentNode.querySelector("[data-hints-said]");

  const point = (to) => {
    at = to;
    options().forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    if (at < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", options()[at].id);
    options()[at].scrollIntoView({ block: "nearest" });
  };
  const show = (open) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    point(-1);
    said().textContent = open ? `候補が${options().length}件あります。上下の矢印キーで選べます。` : "";
  };

  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list", "aria-haspopup": "listbox" })) {
    box.setAttribute(name, value);
  }

  // An answer to what was typed before is thrown away by htmx; one that comes after somebody left stays closed.
  list.addEventListener("htmx:afterSwap", () => show(options().length > 0 && document.activeElement === box && box.value.trim() !== ""));
  box.addEventListener("input", () => box.value.trim() || show(false));
  box.addEventListener("blur", () => show(false));
  // A press on the list must not take the focus away before its click.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());

  box.addEventListener("keydown", (event) => {
    // While kana become kanji the keys belong to the input method.
    if (event.isComposing || event.keyCode === 229) return;
    const many = options().length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && many) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const from = list.hidden ? -1 : at;
      if (list.hidden) show(true);
      // One place more than there are options: the box itself.
      point(((from + 1 + step + many + 1) % (many + 1)) - 1);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      options()[at].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
}
