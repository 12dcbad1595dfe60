// What the panel tells about a run.

const EXPONENT_FROM = 1e6, COUNTED_TO = 1e15

function detail(run) {
  if (run.status === "connecting") return ""
  if (run.source === "external") return detailOfExternal(run)
  if (run.request === "stop") return "what it has learned so far is tested and kept"
  if (run.request === "pause") return "it keeps everything and can be resumed"
  const begun = run.epoch > 0 || run.batch > 0
  const place = `epoch ${Math.min(run.epoch + 1, run.epochs)} of ${run.epochs}`
  if (run.status === "queued" && begun) return `waiting for its turn, to continue with ${place}`
  if (run.status === "queued") return "waiting for its turn; with nothing before it that takes a few seconds"
  if (run.status === "interrupted") return "its worker has vanished; another one takes over in a moment"
  if (run.status === "paused") return begun ? `paused in ${place}; resumed, it continues as if nothing had happened` : "waits until it is resumed"
  if (run.status !== "running") return run.seconds ? `${run.epoch} of ${run.epochs} epochs in ${duration(run.seconds)}` : ""
  if (!run.batches) return "fetching the data"
  if (!begun) return "building the network"
  if (run.progress >= 1) return "testing the network"
  return inProgress(run, place)
}

// Another program trains it and may not have said how long it will take.
function detailOfExternal(run) {
  const done = run.epochs === null ? `${run.epoch} epochs` : `${run.epoch} of ${run.epochs} epochs`
  if (run.status === "interrupted") return `its program has fallen silent after ${done}`
  if (run.status !== "running") return `${done}, recorded by another program`
  if (run.asked === "paused") return `paused between two batches after ${done}, until it is resumed`
  if (!run.epoch && !run.batch) return "another program trains it; nothing is recorded yet"
  return inProgress(run, run.epochs === null ? `epoch ${run.epoch + 1}` : `epoch ${Math.min(run.epoch + 1, run.epochs)} of ${run.epochs}`)
}

function inProgress(run, place) {
  const parts = [place]
  if (run.batches) parts.push(`batch ${run.batch} of ${run.batches}`)
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
  return `${decimal(100 * share, 2)} %`
}

// A value as its metric is written, as `number_text` in `metrics.py` does it; what is not finite comes as a text, since
// JSON has no word for it.
function formatted(value, format = "decimal") {
  if (value === undefined || value === null) return "–"
  const number = Number(value)
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : number > 0 ? "∞" : "−∞"
  if (format === "percent") return percent(number)
  if (format === "count") return counted(number)
  if (format === "bytes") return `${counted(number / 1e6)} MB`
  return format === "significant" ? significant(number) : decimal(number, 4)
}

function decimal(number, places) {
  return Math.abs(number) < EXPONENT_FROM ? number.toFixed(places) : number.toExponential(3)
}

function counted(number) {
  return Math.abs(number) < COUNTED_TO ? Math.round(number).toLocaleString("en") : number.toExponential(3)
}

function significant(number) {
  const short = Number(number.toPrecision(3)), size = Math.abs(short)
  return size === 0 || (size >= 1e-4 && size < EXPONENT_FROM) ? String(short) : short.toExponential()
}
