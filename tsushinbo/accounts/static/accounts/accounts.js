// Conveniences of the account pages; all but passkeys works without them.
document.addEventListener("DOMContentLoaded", () => {
  for (const button of document.querySelectorAll("[data-reveals]")) {
    const input = document.getElementById(button.dataset.reveals);
    button.hidden = false;
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      button.setAttribute("aria-pressed", String(shown));
    });
  }
  const passkeys = Boolean(window.PublicKeyCredential);
  for (const part of document.querySelectorAll(passkeys ? "[data-needs-passkeys]" : "[data-lacks-passkeys]")) {
    part.hidden = false;
  }
});
// allauth tells of a ceremony that was called off or failed.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const fault = document.getElementById("passkey-fault");
  if (fault) {
    fault.hidden = false;
  }
});
