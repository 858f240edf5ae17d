// Keys of the desk: J K to go on and back, A to approve, R and a reason to reject, U to take the last one back. Without script the buttons do the same.
"use strict";

// Before htmx has read the page a key would send a form the slow way: the keys wait for it.
document.addEventListener("htmx:load", () => {
  const list = document.getElementById("desk-list");
  if (!list) return;
  const said = document.getElementById("desk-said");
  const reasons = document.getElementById("desk-reasons");
  const help = document.getElementById("desk-help");
  const more = document.getElementById("desk-more");
  const enabled = document.getElementById("desk-keys");
  let current = null;
  let lastDone = "";

  const rows = () => [...list.querySelectorAll("[data-row]:not([aria-busy])")];
  const show = (row) => {
    current = row;
    (row || more).focus();
    (row || more).scrollIntoView({ block: "nearest" });
  };
  // The row that stands after this one, else the one before.
  const beside = (row, step) => {
    const all = rows();
    if (!row || !all.length) return all[0] || null;
    const after = all.filter((other) => row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING && other !== row);
    const before = all.filter((other) => row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_PRECEDING && other !== row);
    return step > 0 ? after[0] || null : before.at(-1) || row;
  };
  const press = (row, deed) => {
    const button = row && row.querySelector(`button[data-deed="${deed}"]`);
    if (!button) return false;
    button.click();
    return true;
  };
  const wait = (row) => {
    row.setAttribute("aria-busy", "true");
    show(beside(row, 1) || rows()[0]);
  };
  const reject = (value) => {
    reasons.close();
    const row = current;
    const select = row && row.querySelector("select[name=reason]");
    if (!select) return;
    select.value = value;
    press(row, "R");
  };

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && !event.defaultPrevented) wait(row);
  });
  // The answer never came: the text stands as it was and can be decided again.
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.body.addEventListener(name, (event) => {
      const row = event.target.closest("[data-row]");
      if (!row) return;
      row.removeAttribute("aria-busy");
      said.textContent = "送れませんでした。もう一度お試しください。";
      show(row);
    });
  }
  document.body.addEventListener("htmx:afterSwap", (event) => {
    const now = document.getElementById(event.detail.target.id);
    if (!now) return;
    if (now.dataset.said) {
      said.textContent = now.dataset.said;
      if (now.querySelector("[data-undo]")) lastDone = now.id;
    }
    if (now.matches("[data-again]") || now.querySelector("[role=alert], .err")) show(now);
  });
  list.addEventListener("focusin", (event) => {
    current = event.target.closest("[data-row]") || current;
  });
  help.addEventListener("close", () => show(current || rows()[0]));
  reasons.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-key]");
    if (button) reject(button.value);
  });
  document.getElementById("desk-help-open").addEventListener("click", () => help.showModal());
  try {
    enabled.checked = localStorage.getItem("desk-keys") !== "off";
  } catch {
    // Storage may be shut; the keys are then on.
  }
  enabled.addEventListener("change", () => {
    try {
      localStorage.setItem("desk-keys", enabled.checked ? "on" : "off");
    } catch {
      // It holds for this page.
    }
  });
  enabled.closest("[hidden]").hidden = false;

  document.addEventListener("keydown", (event) => {
    if (!enabled.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const key = event.key.toLowerCase();
    if (reasons.open) {
      const button = reasons.querySelector(`button[data-key="${CSS.escape(key)}"]`);
      if (button) {
        event.preventDefault();
        reject(button.value);
      }
      return;
    }
    if (help.open || event.target.closest("textarea, select, input:not([type=checkbox])")) return;
    const row = current && current.isConnected && !current.hasAttribute("aria-busy") ? current : null;
    switch (key) {
      case "j": show(beside(row || current, 1)); break;
      case "k": show(beside(row || current, -1)); break;
      case "a": if (!press(row, "A")) return; break;
      case "r": if (!row || !row.querySelector("button[data-deed=R]")) return; reasons.showModal(); break;
      case "x": { const pick = row && row.querySelector(".desk-pick input"); if (!pick) return; pick.click(); break; }
      case "u": { const done = lastDone && document.getElementById(lastDone); const undo = done && done.querySelector("[data-undo]"); if (!undo) return; undo.click(); lastDone = ""; break; }
      case "?": help.showModal(); break;
      default: return;
    }
    event.preventDefault();
  });
  const first = rows()[0];
  if (first) show(first);
}, { once: true });
