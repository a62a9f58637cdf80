"use strict";
// A click on a word plays from there; "Hear it" plays just that stretch. Without this script the page can still be read,
// and its recordings played from their beginning.
document.documentElement.classList.add("script");
for (const answer of document.querySelectorAll("article")) {
  const audio = answer.querySelector("audio");
  if (!audio) continue;
  const words = [...answer.querySelectorAll(".said [data-from]")];
  const from = words.map((word) => Number(word.dataset.from));
  let stop = Infinity;
  let lit = null;

  function light(word) {
    if (word === lit) return;
    if (lit) lit.classList.remove("now");
    if (word) word.classList.add("now");
    lit = word;
  }

  function follow() {
    if (audio.currentTime >= stop) {
      stop = Infinity;
      audio.pause();
    }
    if (audio.paused) {
      light(null);
      return;
    }
    let place = from.length - 1;
    while (place >= 0 && from[place] > audio.currentTime) place -= 1;
    const word = words[place];
    light(word && audio.currentTime < Number(word.dataset.to) + 0.15 ? word : null);
    requestAnimationFrame(follow);
  }

  function hear(start, end) {
    for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
    stop = end;
    audio.currentTime = start;
    audio.play();
  }

  audio.addEventListener("play", () => requestAnimationFrame(follow));
  audio.addEventListener("seeking", () => { if (audio.currentTime >= stop) stop = Infinity; });
  for (const button of answer.querySelectorAll("button[data-from]")) {
    button.addEventListener("click", () => hear(Number(button.dataset.from), Number(button.dataset.to)));
  }
  const text = answer.querySelector(".said");
  if (!text || !words.length) continue;
  text.addEventListener("click", (event) => {
    const word = event.target.closest("[data-from]");
    if (word && !String(getSelection())) hear(Number(word.dataset.from), Infinity);
  });
  // One stop for Tab, whatever the length of the answer; the arrow keys go from word to word.
  text.tabIndex = 0;
  for (const word of words) word.tabIndex = -1;
  text.addEventListener("keydown", (event) => {
    const place = words.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      words[Math.min(words.length - 1, Math.max(0, place + step))].focus();
      event.preventDefault();
    } else if (event.key === "Enter") {
      hear(from[Math.max(0, place)], Infinity);
      event.preventDefault();
    }
  });
}
