// What may be meant, offered under a search box while somebody types (an ARIA combobox). htmx fetches it, waiting 150 ms and dropping what was
// asked before. Without this script the box is a plain form.
"use strict";

for (const box of document.querySelectorAll("input[data-hints]")) {
  const list = document.getElementById(box.dataset.hints);
  const said = list.nextElementSibling;
  const options = () => list.querySelectorAll("[role=option]");
  // Which option the arrow keys stand on, -1: none; whether an answer is wanted.
  let at = -1, wanted = false;

  const point = (to) => {
    at = to;
    options().forEach((option, number) => option.setAttribute("aria-selected", String(number === to)));
    const option = options()[to];
    if (!option) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const show = (open, words) => {
    list.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    said.textContent = words;
    point(-1);
  };
  const close = () => {
    wanted = false;
    htmx.trigger(box, "htmx:abort");
    show(false, "");
  };
  const ask = () => {
    if (!box.value.trim()) return close();
    wanted = true;
    htmx.trigger(box, "hints");
  };

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  // Kana that are not settled yet find their names too: on a phone few people settle them before they look.
  box.addEventListener("input", ask);
  box.addEventListener("blur", close);
  addEventListener("pagehide", close);

  // What nobody waits for any more is not asked, and does not open the list where it comes all the same.
  box.addEventListener("htmx:beforeRequest", (event) => wanted || event.preventDefault());
  list.addEventListener("htmx:beforeSwap", (event) => (event.detail.shouldSwap &&= wanted));
  list.addEventListener("htmx:afterSwap", () => {
    const count = options().length;
    show(count > 0, count ? `候補が${count}件あります。上下の矢印キーで選べます。` : "候補はありません。");
  });

  // A press on the list must not take the focus out of the box before it is a click.
  list.addEventListener("mousedown", (event) => event.preventDefault());

  box.addEventListener("keydown", (event) => {
    // These keys belong to the input method; Safari ends the composition before it tells of the Enter that did.
    if (event.isComposing || event.keyCode === 229) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const open = !list.hidden, last = options().length - 1;
    const to = { ArrowDown: at < last ? at + 1 : -1, ArrowUp: at < 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (event.key.startsWith("Arrow") && to !== undefined && !open) ask();
    else if (to !== undefined && open && (at >= 0 || event.key.startsWith("Arrow"))) point(to);
    else if (event.key === "Enter" && at >= 0) options()[at].click();
    else if (event.key === "Escape" && open) close();
    else if (event.key === "Enter") return close();
    else return;
    event.preventDefault();
  });
}
