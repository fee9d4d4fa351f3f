// Who is logged in and how to reach the MQTT server, as the hub's pages tell.

const ASK_AGAIN_MS = 3_000;

export async function askAccount() {
  const answer = await fetch("/api/account", { credentials: "same-origin", cache: "no-store" });
  if (answer.status === 401) location.assign("/login?why=ended");
  if (!answer.ok) throw new Error(`/api/account: ${answer.status}`);
  return answer.json();
}

/** The account; tries again until the hub's pages answer. */
export async function accountInTheEnd() {
  for (;;) {
    try {
      return await askAccount();
    } catch {
      await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
    }
  }
}
