// The front page: requests a narration, shows its progress, plays it.

const find = (id) => document.getElementById(id);

// Milliseconds between two requests for the status.
const STATUS_POLL_MS = 700;

async function fetchJson(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.detail);
  return body;
}

async function listVoices() {
  for (const voice of await fetchJson("v1/voices")) {
    const label = `${voice.id} (${voice.language})`;
    find("voice").add(new Option(label, voice.id, voice.default, voice.default));
  }
}

async function narrate(form) {
  const body = JSON.stringify(Object.fromEntries(new FormData(form)));
  const headers = { "Content-Type": "application/json" };
  const created = await fetchJson("v1/narrations", { method: "POST", headers, body });
  showArticle(created);
  await follow(created);
}

async function follow(narration) {
  showProgress(narration);
  while (narration.state === "queued" || narration.state === "making") {
    await new Promise((wake) => setTimeout(wake, STATUS_POLL_MS));
    narration = await fetchJson(new URL(narration.links.self).pathname);
    showProgress(narration);
  }
  if (narration.state !== "ready") {
    throw new Error(narration.problem ?? `The narration is ${narration.state}.`);
  }
  const audio = find("audio");
  audio.src = new URL(narration.links.audio).pathname;
  audio.hidden = false;
  audio.focus();
}

function showArticle({ title, byline, disclosure, cuts, confidence, doubts }) {
  find("narration").hidden = false;
  find("title").textContent = title ?? "Untitled";
  find("byline").textContent = byline ?? "";
  find("byline").hidden = !byline;
  find("disclosure").textContent = disclosure.text;
  find("audio").hidden = true;
  find("audio").removeAttribute("src");
  showConfidence(confidence, doubts);
  showCuts(cuts);
}

function showConfidence(confidence, doubts) {
  find("confidence").textContent =
    `Confidence that this is the article and nothing else: ${confidence} of 1.`;
  const items = doubts.map((doubt) => {
    const item = document.createElement("li");
    item.textContent = doubt;
    return item;
  });
  find("doubts").replaceChildren(...items);
  find("doubts").hidden = doubts.length === 0;
}

function showCuts(cuts) {
  const lines = cuts.length === 1 ? "1 line is" : `${cuts.length} lines are`;
  find("cuts").hidden = cuts.length === 0;
  find("cuts").querySelector("summary").textContent = `${lines} not read`;
  const rows = cuts.map(({ line, rule, text, because }) => {
    const row = document.createElement("tr");
    for (const value of [line + 1, text, rule]) {
      row.insertCell().textContent = value;
    }
    const reason = document.createElement("small");
    reason.textContent = because[0];
    row.lastElementChild.append(reason);
    return row;
  });
  find("cuts").querySelector("tbody").replaceChildren(...rows);
}

function showProgress({ state, progress, duration }) {
  const messages = {
    queued: "Waiting for a voice …",
    making: `Reading sentence ${progress.done} of ${progress.total} …`,
    ready: `Ready: ${Math.round(duration)} seconds.`,
  };
  find("state").textContent = messages[state] ?? "";
  find("progress").max = progress.total;
  find("progress").value = progress.done;
  find("progress").hidden = state === "ready";
}

function showProblem(error) {
  find("problem").textContent = error?.message ?? "";
  find("problem").hidden = !error;
}

find("request").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  // What is shown below is of the request before this one.
  find("narration").hidden = true;
  find("audio").pause();
  showProblem(null);
  try {
    await narrate(event.target);
  } catch (error) {
    showProblem(error);
  } finally {
    button.disabled = false;
  }
});

listVoices().catch(showProblem);
