// What happens on a page is told to the test.
export const asked = new URLSearchParams(location.search);

export function say(what) {
  return fetch("/said", { method: "POST", body: JSON.stringify(what) });
}

addEventListener("error", (event) => say({ trouble: String(event.error ?? event.message) }));
addEventListener("unhandledrejection", (event) => say({ trouble: String(event.reason?.stack ?? event.reason) }));
