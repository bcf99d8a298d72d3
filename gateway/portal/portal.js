"use strict";

const form = document.getElementById("ask");
const token = document.getElementById("token");
const query = document.getElementById("query");
const state = document.getElementById("state");
const answer = document.getElementById("answer");
const button = form.querySelector("button");

// The fragment never leaves the browser; taken from the address, it is not in the history either.
function takeTokenFromAddress() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    token.value = given;
    history.replaceState(null, "", location.pathname);
  }
}

function show(text, failed = false) {
  state.textContent = text;
  state.classList.toggle("failed", failed);
}

async function ask() {
  button.disabled = true;
  show("Asking …");
  const started = performance.now();
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: {
        accept: "application/graphql-response+json, application/json;q=0.9",
        authorization: `Bearer ${token.value.trim()}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ query: query.value }),
    });
    const body = await response.json();
    const took = `${Math.round(performance.now() - started)} ms`;
    const errors = body.errors ?? [];
    answer.textContent = JSON.stringify(body, null, 2);
    if (errors.length > 0) {
      show(`${errors[0].extensions?.code ?? response.status}: ${errors[0].message}`, true);
    } else {
      show(`Answered in ${took}.`);
    }
  } catch {
    answer.textContent = "";
    show("The gateway did not answer.", true);
  } finally {
    button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});

query.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit();
  }
});

addEventListener("hashchange", takeTokenFromAddress);
takeTokenFromAddress();
