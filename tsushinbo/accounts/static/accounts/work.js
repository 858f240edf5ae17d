// 計算による確認: solve the challenge of a form that was sent back with one, say how far it is, and send the form again
// (tsushinbo/accounts/proof_of_work.py). What cannot be computed here is sent without.
(() => {
  "use strict";
  // The script comes again with each form that is sent back.
  if (window.tsushinboWork) return;
  window.tsushinboWork = true;
  const text = new TextEncoder();
  const MOST_IN_A_ROW = 3;
  let inARow = 0;

  const zeros = (bytes, bits) => {
    for (let bit = 0; bit < bits; bit += 8) {
      const rest = Math.min(8, bits - bit);
      if (bytes[bit / 8] >> (8 - rest)) return false;
    }
    return true;
  };

  const solve = async (box, tried) => {
    const token = box.dataset.work;
    const [parts, bits, rounds] = ["parts", "bits", "rounds"].map((name) => Number(box.dataset[name]));
    const key = await crypto.subtle.importKey("raw", text.encode(token), "PBKDF2", false, ["deriveBits"]);
    const part = async (place) => {
      for (let number = 0; box.isConnected; number += 1) {
        const salt = text.encode(`${place}:${number}`);
        const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
        const derived = new Uint8Array(await crypto.subtle.deriveBits(how, key, 64));
        tried(parts * 2 ** bits);
        if (zeros(derived, bits)) return number;
      }
      throw new Error("the form is gone");
    };
    return [token, ...(await Promise.all(Array.from({ length: parts }, (_, place) => part(place))))].join(",");
  };

  const begin = async (box) => {
    box.dataset.begun = "";
    const [form, answer, without] = [box.closest("form"), box.querySelector("input[name=work]"), box.querySelector("button")];
    const [said, done] = [box.querySelector("[role=status]"), box.querySelector("progress")];
    let [count, told] = [0, 0];
    const tried = (expected) => {
      count += 1;
      // An even share of tries never comes to all: it ends when it ends.
      const percent = Math.floor(100 * (1 - Math.exp((-1.5 * count) / expected)));
      if (percent === done.value) return;
      done.value = percent;
      if (percent >= told + 25) {
        told = percent - (percent % 25);
        said.textContent = `確認の計算をしています（およそ${told}%）。`;
      }
    };
    // What is sent meanwhile would only be asked for again: the form goes by itself, with what stands in it by then.
    form.addEventListener("submit", (event) => {
      if (!box.isConnected || answer.value || event.submitter === without) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
    try {
      // Answers that do not do, again and again, are nothing a visitor can mend.
      if ((inARow += 1) > MOST_IN_A_ROW) throw new Error("none of the answers did");
      const solved = await solve(box, tried);
      if (!box.isConnected) return;
      answer.value = solved;
      done.value = 100;
      said.textContent = "確認の計算が終わりました。送っています。";
      form.requestSubmit();
    } catch {
      // No crypto.subtle (a page that did not come by TLS), the form is gone, or nothing helps.
      // A click and no requestSubmit: of what is sent htmx names only the button that was clicked.
      if (box.isConnected) without.click();
    }
  };

  const look = () => {
    if (!document.querySelector("[data-work]")) inARow = 0;
    document.querySelectorAll("[data-work]:not([data-begun])").forEach(begin);
  };
  document.addEventListener("htmx:afterSettle", look);
  look();
})();
