// 計算による確認: solve the challenge of a form that was sent back with one, say how far it is, and send the form again
// (tsushinbo/accounts/proof_of_work.py). What cannot be computed here is sent without.
(() => {
  "use strict";
  const text = new TextEncoder();

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

  const send = (form, button) => (button ? form.requestSubmit(button) : form.requestSubmit());

  const begin = async (box) => {
    box.dataset.begun = "";
    const form = box.closest("form");
    const [said, done] = [box.querySelector("[role=status]"), box.querySelector("progress")];
    let [count, told] = [0, 0];
    const tried = (expected) => {
      count += 1;
      // An even share of tries never comes to all: it ends when it ends.
      const percent = Math.floor(100 * (1 - Math.exp((-1.5 * count) / expected)));
      done.value = percent;
      if (percent >= told + 25) {
        told = percent - (percent % 25);
        said.textContent = `確認の計算をしています（およそ${told}%）。`;
      }
    };
    try {
      const answer = await solve(box, tried);
      if (!box.isConnected) return;
      box.querySelector("input[name=work]").value = answer;
      done.value = 100;
      said.textContent = "確認の計算が終わりました。送っています。";
      send(form);
    } catch {
      // No crypto.subtle (a page that did not come by TLS), or the form is gone.
      if (box.isConnected) send(form, box.querySelector("button"));
    }
  };

  const look = () => document.querySelectorAll("[data-work]:not([data-begun])").forEach(begin);
  look();
  if (!window.tsushinboWork) {
    window.tsushinboWork = true;
    document.addEventListener("htmx:afterSettle", look);
  }
})();
