// Decides which addresses are Teams' own: nothing is ever written to another, whatever an activity or a row says.
// Refuses to look anything up.

/** Those of the public cloud, GCC among them. What the two others for governments send is signed by issuers that nobody here believes. */
const hosts: ReadonlySet<string> = new Set(["smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"])

/** Where a conversation is opened in a tenant that nobody has written from yet. */
export const publicServiceUrl = "https://smba.trafficmanager.net/teams/"

/** `prefixes`: a loopback vendor's. `anonymous`: any port of this machine, and nothing of Teams'. */
export type ServiceUrls = { kind: "teams"; prefixes: readonly string[] } | { kind: "anonymous" }

const longest = 512

export function allows(urls: ServiceUrls, serviceUrl: string): boolean {
  const url = serviceUrl.length <= longest ? addressIn(serviceUrl) : null
  if (url === null) return false
  switch (urls.kind) {
    case "anonymous":
      return url.protocol === "http:" && url.port !== "" && (url.hostname === "127.0.0.1" || url.hostname === "localhost")
    case "teams":
      return (url.protocol === "https:" && url.port === "" && hosts.has(url.hostname)) || urls.prefixes.some((prefix) => isBelow(url, prefix))
    default:
      return urls satisfies never
  }
}

/** Written as an address is read: no user, no query, no fragment, and nothing that a parser would have to mend. */
function addressIn(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null
  const isPlain = url !== null && (url.href === text || url.href === `${text}/`)
  return url !== null && isPlain && url.username === "" && url.password === "" && !/[?#\\]/.test(text) ? url : null
}

/** Of the same origin, at the prefix's path or beneath it. */
function isBelow(url: URL, prefix: string): boolean {
  const above = URL.canParse(prefix) ? new URL(prefix) : null
  const slashed = (path: string): string => (path.endsWith("/") ? path : `${path}/`)
  return above !== null && url.origin === above.origin && slashed(url.pathname).startsWith(slashed(above.pathname))
}
