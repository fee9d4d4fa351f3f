// Sees when this phone trusts the site, and goes on to the secure pages by itself.

const LOOK_EVERY_MS = 2_000;
const GO_ON_AFTER_MS = 1_500;
const { way, mqttPort } = document.body.dataset;

/** Whether the browser takes the site's certificate: only then does a secure connection open. */
function trusts() {
  return new Promise((tell) => {
    const trial = new WebSocket(`wss://${location.hostname}:${mqttPort}/mqtt`, "mqtt");
    trial.onopen = () => {
      trial.close();
      tell(true);
    };
    trial.onerror = () => tell(false);
  });
}

async function look() {
  if (document.hidden || !(await trusts())) {
    setTimeout(look, LOOK_EVERY_MS);
    return;
  }
  document.body.dataset.trusts = "true";
  setTimeout(() => location.assign(way), GO_ON_AFTER_MS);
}

look();
