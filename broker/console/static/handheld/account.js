// Who is logged in and how to reach the MQTT server, as the hub's pages tell.

const ASK_AGAIN_MS = 3_000;

let isLeaving = false;

/** Send the form that logs this person out; answers that come until then lead nowhere else. */
export function logOutBy(form) {
  isLeaving = true;
  form.submit();
}

/** Go to the log-in if the hub's answer says that this person is logged out. */
export function leaveIfEnded(answer) {
  if (answer.status === 401 && !isLeaving) location.assign("/login?why=ended");
}

export async function askAccount(device) {
  const answer = await fetch(`/api/account?device=${device}`, { credentials: "same-origin", cache: "no-store" });
  leaveIfEnded(answer);
  if (!answer.ok) throw new Error(`/api/account: ${answer.status}`);
  return answer.json();
}

/** The account of this device's page; tries again until the hub's pages answer. */
export async function accountInTheEnd(device) {
  for (;;) {
    try {
      return await askAccount(device);
    } catch {
      await new Promise((done) => setTimeout(done, ASK_AGAIN_MS));
    }
  }
}
