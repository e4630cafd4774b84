import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { messageIdOf, messageIn, type Place, placeOf, routeTo, routeToUser } from "../../../adapters/teams/route.ts"
import { allows, publicServiceUrl, type ServiceUrls } from "../../../adapters/teams/service-urls.ts"
import { DeliveryFailure } from "../../../src/platform/failure.ts"

const teams: ServiceUrls = { kind: "teams", prefixes: [] }
const place: Place = {
  serviceUrl: "https://smba.trafficmanager.net/amer/",
  conversationId: "a:1fiction_-x",
  botId: "28:00000000-0000-4000-8000-00000000b071",
}

const failureOf = (route: string, urls = teams) => {
  try {
    return placeOf(route, urls)
  } catch (error) {
    return error instanceof DeliveryFailure ? error.failure : error
  }
}
const nowhere = { reason: "unreachable", detail: "no_such_route" }

describe("a route", () => {
  test("comes back as it was packed, through text", () => {
    expect(placeOf(routeTo(place), teams)).toEqual(place)
    expect(JSON.parse(routeTo(place))).toEqual({ s: place.serviceUrl, c: place.conversationId, b: place.botId })
  })

  test("changes with its address, so that the newest is kept", () => {
    expect(routeTo({ ...place, serviceUrl: "https://smba.trafficmanager.net/emea/" })).not.toBe(routeTo(place))
  })

  test.each([
    "",
    "D0FICTION",
    "null",
    "[]",
    "{",
    "{}",
    routeToUser("00000000-0000-4000-8000-000000000001"),
    JSON.stringify({ s: place.serviceUrl, c: place.conversationId }),
    JSON.stringify({ s: place.serviceUrl, c: "a:1/../../../x", b: place.botId }),
    JSON.stringify({ s: place.serviceUrl, c: "a:1?x", b: place.botId }),
    JSON.stringify({ s: place.serviceUrl, c: place.conversationId, b: 7 }),
    routeTo({ ...place, serviceUrl: "https://evil.example/" }),
    routeTo({ ...place, serviceUrl: "http://smba.trafficmanager.net/amer/" }),
    routeTo({ ...place, serviceUrl: "http://169.254.169.254/" }),
    '{"__proto__":{"s":"https://smba.trafficmanager.net/","c":"a:1","b":"28:1"}}',
  ])("%s leads nowhere", (route) => expect(failureOf(route)).toEqual(nowhere))

  test("whatever was kept leads to Teams or nowhere", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.dictionary(fc.constantFrom("s", "c", "b"), fc.oneof(fc.webUrl(), fc.string())).map((one) => JSON.stringify(one)),
        ),
        (route) => {
          expect(failureOf(route)).toEqual(nowhere)
        },
      ),
    )
  })
})

describe("a message's name", () => {
  test("says its conversation and itself, and is taken apart again", () => {
    const channel = "19:fiction@thread.tacv2;messageid=1773309600000"
    expect(messageIn(messageIdOf(channel, "1773309600001"))).toEqual({ conversationId: channel, activityId: "1773309600001" })
  })

  test.each(["", "/", "a:1/", "/17", "17"])("%j is none", (name) => expect(messageIn(name)).toBeNull())
})

describe("an address of Teams'", () => {
  test.each([
    publicServiceUrl,
    "https://smba.trafficmanager.net/amer/",
    "https://smba.trafficmanager.net/emea/00000000-0000-4000-8000-00000000f1c7/",
    "https://smba.trafficmanager.net",
    "https://smba.infra.gcc.teams.microsoft.com/teams",
  ])("is %s", (url) => expect(allows(teams, url)).toBe(true))

  test.each([
    "https://smba.infra.gov.teams.microsoft.us/gcch",
    "https://smba.infra.dod.teams.microsoft.us/dod/",
    "https://api.botframework.com/",
    "https://smba.trafficmanager.net:443/",
    "HTTPS://SMBA.TRAFFICMANAGER.NET/",
    " https://smba.trafficmanager.net/",
    "https://smba.trafficmanager.net/a b",
  ])("is not %j", (url) => expect(allows(teams, url)).toBe(false))

  test("is also what a loopback vendor is handed in for, at its path and beneath it", () => {
    const loopback: ServiceUrls = { kind: "teams", prefixes: ["http://127.0.0.1:4100/teams"] }
    for (const url of ["http://127.0.0.1:4100/teams", "http://127.0.0.1:4100/teams/", "http://127.0.0.1:4100/teams/amer/", publicServiceUrl])
      expect(allows(loopback, url)).toBe(true)
    for (const url of [
      "http://127.0.0.1:4100/",
      "http://127.0.0.1:4100/teamsters/",
      "http://127.0.0.1:4101/teams/",
      "http://x@127.0.0.1:4100/teams/",
    ])
      expect(allows(loopback, url)).toBe(false)
  })

  test("is any port of this machine, and nothing else, for the local client", () => {
    const local: ServiceUrls = { kind: "anonymous" }
    for (const url of ["http://127.0.0.1:3978/", "http://localhost:56150/_connector"]) expect(allows(local, url)).toBe(true)
    for (const url of [
      publicServiceUrl,
      "http://localhost/",
      "https://localhost:3000/",
      "http://127.0.0.2:3000/",
      "http://[::1]:3000/",
      "http://0.0.0.0:3000/",
    ])
      expect(allows(local, url)).toBe(false)
  })
})
