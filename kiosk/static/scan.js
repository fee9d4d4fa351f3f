// Scans a consultant's card, or an invitation, with the camera. The picture stays in the page; the code reader is
// loaded only when somebody scans.

const LOOK_EVERY_MS = 150;

const scan = document.getElementById("scan");
const video = scan.querySelector("video");
const message = document.getElementById("scan-message");
const start = document.getElementById("scan-start");
const canvas = document.createElement("canvas");
let stream = null;

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  scan.hidden = true;
  start.disabled = false;
}

function read(decode) {
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const drawn = canvas.getContext("2d", { willReadFrequently: true });
  drawn.drawImage(video, 0, 0);
  try {
    return decode(drawn.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return ""; // no code in this picture
  }
}

function look(decode) {
  if (!stream) return;
  const text = read(decode);
  if (text.includes(scan.dataset.holds)) {
    stop();
    const form = document.getElementById("scan-form");
    form.querySelector("[data-scanned]").value = text;
    form.requestSubmit();
    return;
  }
  if (text) message.textContent = message.dataset.otherCode;
  setTimeout(look, LOOK_EVERY_MS, decode);
}

async function begin() {
  message.textContent = "";
  start.disabled = true;
  try {
    const camera = { facingMode: "user", width: { ideal: 1280 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: camera, audio: false });
    const { decodeQR } = await import(scan.dataset.decoder);
    scan.hidden = false;
    video.srcObject = stream;
    await video.play();
    look(decodeQR);
  } catch {
    stop();
    message.textContent = message.dataset.noCamera; // refused, missing, or taken by another program
  }
}

// Browsers allow a camera only on pages by HTTPS or from the same machine.
start.hidden = !navigator.mediaDevices;
start.addEventListener("click", begin);
document.getElementById("scan-stop").addEventListener("click", stop);
addEventListener("pagehide", stop);
