// Calls to the playground. Every one carries the key that came with this page.

const key = document.querySelector('meta[name="playground-key"]')?.getAttribute("content") ?? ""

export class CallFailed extends Error {
  /** @param {string} words @param {boolean} again */
  constructor(words, again) {
    super(words)
    this.again = again
  }
}

/** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
export async function call(path, body) {
  /** @type {Response} */
  let response
  try {
    response = await fetch(`/playground/api/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "X-Playground-Key": key, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  } catch {
    throw new CallFailed("Rapport cannot be reached. Is it still running?", true)
  }
  // After a new start the key is another one, and so is the page.
  if (response.status === 401) location.reload()
  const data = await response.json().catch(() => ({}))
  if (response.ok || data.shown) return data
  throw new CallFailed(data.error ?? "That did not work.", response.status >= 500)
}

export const newId = () => crypto.randomUUID()

/**
 * Listens to what changes, and comes back by itself after a break.
 * @param {string} user
 * @param {(event: any) => void} hear
 * @param {(connected: boolean) => void} state
 */
export function listen(user, hear, state) {
  const stop = new AbortController()
  void (async () => {
    for (let wait = 500; !stop.signal.aborted; wait = Math.min(wait * 2, 8_000)) {
      try {
        const response = await fetch(`/playground/api/live?user=${encodeURIComponent(user)}`, {
          headers: { "X-Playground-Key": key },
          signal: stop.signal,
        })
        if (response.status === 401) location.reload()
        if (response.ok && response.body) {
          state(true)
          wait = 500
          await read(response.body, hear)
        }
      } catch {
        if (stop.signal.aborted) return
      }
      state(false)
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  })()
  return () => stop.abort()
}

/** @param {ReadableStream<Uint8Array>} body @param {(event: any) => void} hear */
async function read(body, hear) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  for (let rest = ""; ; ) {
    const { value, done } = await reader.read()
    if (done) return
    const parts = (rest + value).split("\n\n")
    rest = parts.pop() ?? ""
    for (const part of parts) if (part.startsWith("data: ")) hear(JSON.parse(part.slice(6)))
  }
}
