// Small helpers; every page works without them.
"use strict";

(() => {
  const OPPOSITE = {
    clear: "unclear", unclear: "clear", feasible: "infeasible", infeasible: "feasible", sincere: "insincere", insincere: "sincere",
  };
  const KEYS_OFF = "tsushinbo-keys-off";
  const byId = (id) => document.getElementById(id);

  // A tap on GOOD or BAD is sent at once, and so is a reason once there is a ballot. What is picked by key waits for the button: arrow
  // keys pick one of the two while somebody only looks around.
  let tapped = false;
  document.addEventListener("pointerdown", () => (tapped = true), true);
  document.addEventListener("keydown", () => (tapped = false), true);
  document.addEventListener("change", (event) => {
    const { name, form } = event.target;
    if (!tapped || form?.id !== "ballot-form") return;
    if (name === "choice" || (name === "reasons" && "judged" in form.dataset)) form.requestSubmit();
  });

  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.form?.id !== "ballot-form") return;
    field.form.dataset.touched = "";
    // Of two opposite reasons the last one ticked stays.
    if (field.name === "reasons" && field.checked && OPPOSITE[field.value]) byId(`reason-${OPPOSITE[field.value]}`).checked = false;
    // A text belongs to その他.
    if (field.name === "reason_text" && field.value.trim()) byId("reason-other").checked = true;
  });

  // What was typed while the voter's own part was on its way is not swapped away.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const touched = byId("ballot-form")?.dataset.touched !== undefined;
    if (event.detail.requestConfig.verb === "get" && event.detail.target.id === "ballot-box" && touched) event.detail.shouldSwap = false;
  });

  // Nor is what was typed on after a tap was sent and before its answer came.
  let typedOn = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const field = byId("reason_text");
    const sent = event.detail.requestConfig.formData?.get("reason_text");
    typedOn = field && typeof sent === "string" && field.value !== sent ? field.value : null;
  });
  document.addEventListener("htmx:afterSwap", () => {
    const field = byId("reason_text");
    if (typedOn === null || !field) return;
    field.value = typedOn;
    byId("reason-other").checked = true;
    typedOn = null;
  });

  // Nothing came back, or nothing that can be shown in place.
  const failed = (event) => {
    const fault = event.target.closest("section")?.querySelector(".send-fault") ?? byId("ballot-fault");
    if (fault && event.detail.requestConfig?.verb === "post") fault.hidden = false;
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, failed);
  document.addEventListener("htmx:beforeRequest", () => {
    for (const fault of document.querySelectorAll("#ballot-fault, .send-fault")) fault.hidden = true;
  });

  // G, B and N on the page of the random draw, with a switch: single keys disturb who speaks to the computer or types with a stick.
  const keys = byId("keys");
  if (!keys) return;
  const box = byId("keys-switch");
  const off = () => {
    try {
      return localStorage.getItem(KEYS_OFF) === "1";
    } catch {
      return false;
    }
  };
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.removeItem(KEYS_OFF);
      else localStorage.setItem(KEYS_OFF, "1");
    } catch {
      // Nothing may be kept here; the switch holds for this page.
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest("textarea, select, input:not([type=checkbox], [type=radio]), [contenteditable]")) return;
    document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)?.click();
  });
  box.checked = !off();
  keys.hidden = false;
})();
