// What the panel says of a run, in words.

const ACTIVE = ["running", "queued", "interrupted"]
const ASKED = { stop: "stopping…", pause: "pausing…" }

function detail(run) {
  if (run.status === "connecting") return ""
  if (run.request === "stop") return "what it has learned so far is tested and kept"
  if (run.request === "pause") return "it keeps everything and can be resumed"
  const begun = run.epoch > 0 || run.batch > 0
  const place = `epoch ${Math.min(run.epoch + 1, run.epochs)} of ${run.epochs}`
  if (run.status === "queued" && begun) return `waiting for its turn, to go on with ${place}`
  if (run.status === "queued") return "waiting for its turn; with nothing before it that takes a few seconds"
  if (run.status === "interrupted") return "its worker has vanished; another one goes on by itself in a moment"
  if (run.status === "paused") return begun ? `rests in ${place}; resumed, it goes on as if nothing had happened` : "waits until it is resumed"
  if (run.status !== "running") return run.seconds ? `${run.epoch} of ${run.epochs} epochs in ${duration(run.seconds)}` : ""
  if (!run.batches) return "fetching the data"
  if (!begun) return "building the network"
  if (run.progress >= 1) return "testing the network"
  const parts = [place, `batch ${run.batch} of ${run.batches}`]
  if (run.images_per_second) parts.push(`${Math.round(run.images_per_second).toLocaleString("en")} images/s`)
  if (run.seconds_left !== null) parts.push(`${duration(run.seconds_left)} left`)
  return parts.join(" · ")
}

function duration(seconds) {
  if (seconds < 99.5) return `${Math.max(1, Math.round(seconds))} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function percent(share) {
  return `${(100 * share).toFixed(2)} %`
}

function bestEpoch(epochs, monitor) {
  const sign = monitor === "val_loss" ? 1 : -1
  let best = null
  for (const row of epochs) {
    if (row[monitor] !== null && (best === null || sign * row[monitor] < sign * best[monitor])) best = row
  }
  return best?.epoch
}
