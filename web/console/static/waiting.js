// @ts-check
// Beside “Live” in the menu of every page: how many visitors wait for a person, or for an answer.

const EVERY_MS = 20_000;

const link = document.querySelector('.top nav a[href="/staff/live"]');
const number = document.createElement("span");
number.className = "number calls";
number.hidden = true;

if (link) {
  link.append(" ", number);
  window.addEventListener("front-desk:changed", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  setInterval(() => document.hidden || look(), EVERY_MS);
  look();
}

async function look() {
  try {
    const answer = await fetch("/staff/live/waiting", { redirect: "manual" });
    if (!answer.ok) return;
    tell(await answer.json());
  } catch {
    // the next look may get through
  }
}

/** @param {{waiting: number, unanswered: number}} now visitors, and those of one's own */
function tell({ waiting, unanswered }) {
  const short = [waiting && `${waiting} waiting`, unanswered && `${unanswered} to answer`];
  const whole = [
    waiting && `${waiting} ${waiting === 1 ? "waits" : "wait"} for a person`,
    unanswered && `${unanswered} ${unanswered === 1 ? "waits" : "wait"} for your answer`,
  ];
  number.hidden = !waiting && !unanswered;
  number.textContent = short.filter(Boolean).join(" · ");
  number.title = whole.filter(Boolean).join(" · ");
}
