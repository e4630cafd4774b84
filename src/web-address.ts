// Decides which addresses others may be sent to, and which are this machine's own. Refuses to ask any name server.

/** An address others may be sent to: https, or http on this machine, and nothing after its path. */
export function isSafeAddress(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") return false
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(hostIn(url)))
}

/** Whether an address leads to this machine. */
export function isLoopbackAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && isLoopback(hostIn(url))
}

const hostIn = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1")

/** An address with nothing behind its host: Rapport puts its own paths there. */
export const isWholeHost = (text: string): boolean => /^\/*$/.test(URL.parse(text)?.pathname ?? "")

/** What is said of one with a path; `name` is where it was given. */
export const pathRefused = (name: string): string =>
  `${name} must be the address alone, without a path, such as https://rapport.example.org: Rapport puts /slack/events and /api/messages behind it itself.`

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)
}
