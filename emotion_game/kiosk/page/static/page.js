// Fetch the changing part of the status every two seconds; say so when the booth does not answer.
"use strict";

const live = document.getElementById("live");
const stale = document.getElementById("stale");

async function refresh() {
  try {
    const answer = await fetch("/live", { signal: AbortSignal.timeout(4000) });
    if (answer.status === 401) {
      location.assign("/login");
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    live.innerHTML = await answer.text();
    stale.hidden = true;
  } catch {
    stale.hidden = false;
  }
  setTimeout(refresh, 2000);
}

setTimeout(refresh, 2000);
