// A slider beside each number of 進捗度・達成度. The number is what is sent; without script there is no slider.
"use strict";

for (const slider of document.querySelectorAll("input[data-of]")) {
  const number = document.getElementById(slider.dataset.of);
  const follow = () => {
    if (number.value !== "" && number.validity.valid) slider.value = number.value;
  };
  slider.addEventListener("input", () => (number.value = slider.value));
  number.addEventListener("input", follow);
  // The browser may fill the number in again on the way back.
  addEventListener("pageshow", follow);
  slider.hidden = false;
  follow();
}
