// Voting advice in the browser: what a visitor answers is worked out here and sent nowhere. Without this file the form is sent instead.
// The arithmetic is that of tsushinbo/scoring/agreement.py, in whole numbers; a test holds the two against each other.
"use strict";

(() => {
  const WIDTH = 4, MINIMUM = 5, DOUBLE = 2;

  // Half up.
  const percent = (part, whole) => (whole ? Math.floor((200 * part + whole) / (2 * whole)) : 0);

  // mine, theirs: a place from 0 to 4 for each statement, null where there is none. weights: 1 or 2.
  const agreement = (mine, theirs, weights) => {
    let points = 0, most = 0, missing = 0, compared = 0, answered = 0;
    mine.forEach((place, index) => {
      if (place === null) return;
      answered += 1;
      const full = weights[index] * WIDTH;
      if (theirs[index] === null) {
        missing += full;
        return;
      }
      compared += 1;
      most += full;
      points += full - weights[index] * Math.abs(place - theirs[index]);
    });
    return {
      points, most, missing, compared, answered, shown: compared >= MINIMUM,
      percent: percent(points, most), low: percent(points, most + missing), high: percent(points + missing, most + missing),
    };
  };

  const words = (found) => {
    if (!found.shown) return `比べられる設問が足りません（${found.compared}問。${MINIMUM}問以上で表示します）`;
    if (found.compared === found.answered) return `一致 ${found.percent}%（${found.compared}問を比較）`;
    return `一致 ${found.percent}%（範囲 ${found.low}〜${found.high}%、${found.answered}問のうち${found.compared}問を比較）`;
  };

  globalThis.tsushinboAgreement = { agreement, words };

  const form = globalThis.document?.getElementById("match");
  if (!form) return;
  const KEY = `tsushinbo-match-${form.dataset.key}`;
  const byId = (id) => document.getElementById(id);
  const list = byId("rows"), result = byId("result"), clear = byId("clear"), progress = byId("progress");
  // The page that answers a form sent without script has its own order; there the server goes on working it out.
  if ("sent" in form.dataset) return;
  const rows = [...list.children];
  const count = form.querySelectorAll("input[name=double]").length;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const neutral = byId("order").textContent;
  let computed = false;

  const chosen = (number) => form.elements[`q${number}`].value;
  const doubled = (number) => form.querySelector(`input[name=double][value="${number}"]`);

  const keep = () => {
    const answers = {};
    for (const number of numbers) {
      const value = chosen(number), heavy = doubled(number).checked;
      if (value !== "" || heavy) answers[number] = [value, heavy];
    }
    try {
      if (Object.keys(answers).length) sessionStorage.setItem(KEY, JSON.stringify(answers));
      else sessionStorage.removeItem(KEY);
    } catch {
      // Nothing may be kept here; the answers hold for this page.
    }
  };

  const restore = () => {
    let answers = {};
    try {
      answers = JSON.parse(sessionStorage.getItem(KEY)) ?? {};
    } catch {
      // What cannot be read is as good as nothing.
    }
    for (const number of numbers) {
      const [value, heavy] = Array.isArray(answers[number]) ? answers[number] : ["", false];
      if (/^[0-4]$/.test(value)) form.elements[`q${number}`].value = value;
      doubled(number).checked = heavy === true;
    }
  };

  const tell = () => {
    const given = numbers.filter((number) => chosen(number) !== "").length;
    progress.textContent = `${count}問のうち${given}問に回答`;
    clear.hidden = !given && !numbers.some((number) => doubled(number).checked);
    for (const number of numbers) {
      const box = document.querySelector(`[data-mine="${number}"]`);
      if (!box) continue;
      const input = form.querySelector(`input[name=q${number}]:checked`);
      const label = input && input.value !== "" ? input.parentElement.textContent.trim() : "";
      box.textContent = label ? label + (doubled(number).checked ? "（2倍）" : "") : "まだ答えていません";
    }
  };

  const compute = () => {
    const mine = numbers.map((number) => (chosen(number) === "" ? null : Number(chosen(number))));
    const weights = numbers.map((number) => (doubled(number).checked ? DOUBLE : 1));
    const ranks = new Map();
    for (const row of rows) {
      if ("held" in row.dataset) {
        ranks.set(row, 1);
        continue;
      }
      const theirs = [...row.dataset.code].map((sign) => (sign === "-" ? null : Number(sign)));
      const found = agreement(mine, theirs, weights);
      row.querySelector(".said").textContent = words(found);
      const figure = row.querySelector("svg");
      figure.toggleAttribute("hidden", !found.shown);
      figure.querySelector("rect").setAttribute("x", `${found.low}%`);
      figure.querySelector("rect").setAttribute("width", `${found.high - found.low}%`);
      figure.querySelector("circle").setAttribute("cx", `${found.percent}%`);
      ranks.set(row, found.shown ? -found.low : 1);
    }
    const ordered = form.elements.order.value === "agreement" ? [...rows].sort((one, other) => ranks.get(one) - ranks.get(other)) : rows;
    list.append(...ordered);
    byId("order").textContent = form.elements.order.value === "agreement" ? "一致度の順" : neutral;
  };

  form.addEventListener("change", () => {
    keep();
    tell();
    if (computed) compute();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    computed = true;
    compute();
    result.hidden = false;
    result.focus();
    result.scrollIntoView();
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const number of numbers) {
      // Not by the value of the group: an empty one checks nothing.
      form.querySelector(`input[name=q${number}][value=""]`).checked = true;
      doubled(number).checked = false;
    }
    computed = false;
    result.hidden = true;
    keep();
    tell();
    form.querySelector("input[type=radio]").focus();
  });

  form.parentElement.querySelector(".no-script").hidden = true;
  form.parentElement.querySelector(".with-script").hidden = false;
  restore();
  tell();
})();
