// The SDK is archived and asks for versions with known faults: what is installed in their place, wherever it is, is held above them.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"

/** The first version without the faults that are known, and one of them. */
const floors: Readonly<Record<string, string>> = {
  uuid: "11.1.1", // CVE-2026-41907
  "@azure/msal-node": "5.1.5", // the SDK asks for 2, which asks for uuid 8
  ws: "8.21.0", // CVE-2026-48779, after CVE-2026-45736
  axios: "1.18.0", // GHSA-gcfj-64vw-6mp9, after CVE-2026-40175 and CVE-2025-27152
  "form-data": "4.0.4", // CVE-2025-7783
  jsonwebtoken: "9.0.0", // CVE-2022-23540
  jws: "4.0.1", // CVE-2025-65945
}

type Lock = { packages: Readonly<Record<string, { version?: string; name?: string }>> }
const lock = JSON.parse(readFileSync(join(import.meta.dirname, "../../../package-lock.json"), "utf8")) as Lock

/** Every place where a package is installed, by its own name even where it is installed under another. */
const placesOf = ({ packages }: Lock, name: string): [place: string, version: string][] =>
  Object.entries(packages).flatMap(([place, { version = "", name: own }]) =>
    (own ?? place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length)) === name && place !== "" ? [[place, version]] : [],
  )

/** Places where a package is older than its floor, or of no version that can be compared. */
const tooOld = (lock: Lock): string[] =>
  Object.entries(floors).flatMap(([name, floor]) =>
    placesOf(lock, name).flatMap(([place, version]) => (isAtLeast(version, floor) ? [] : [`${place} is ${version}`])),
  )

function isAtLeast(version: string, floor: string): boolean {
  const [have, least] = [partsOf(version), partsOf(floor)]
  if (have === null || least === null) return false
  const at = have.numbers.findIndex((number, n) => number !== least.numbers[n])
  // What comes before a version is not yet that version.
  return at === -1 ? !have.early : (have.numbers[at] ?? 0) > (least.numbers[at] ?? 0)
}

function partsOf(version: string): { numbers: number[]; early: boolean } | null {
  const found = /^(\d+)\.(\d+)\.(\d+)(-)?/.exec(version)
  return found && { numbers: found.slice(1, 4).map(Number), early: found[4] !== undefined }
}

describe("what the SDK of Teams brings with it", () => {
  test("is nowhere older than the first version without known faults", () => {
    expect(tooOld(lock)).toEqual([])
  })

  test.each(Object.keys(floors))("%s is installed, so that its floor says something", (name) => {
    expect(placesOf(lock, name).length).toBeGreaterThan(0)
  })

  test.each([
    ["an older one beside the newer", "node_modules/botbuilder/node_modules/uuid", { version: "11.1.0" }],
    ["an older one deep within", "node_modules/a/node_modules/@b/c/node_modules/@azure/msal-node", { version: "2.16.2" }],
    ["one that is not yet the first safe one", "node_modules/a/node_modules/ws", { version: "8.21.0-rc.1" }],
    ["an older one under another name", "node_modules/http-client", { name: "axios", version: "0.30.3" }],
    ["one of a version that cannot be compared", "node_modules/a/node_modules/uuid", { version: "latest" }],
  ])("finds %s", (_what, place, entry) => {
    expect(tooOld({ packages: { ...lock.packages, [place]: entry } })).toEqual([`${place} is ${entry.version}`])
  })

  test.each([
    ["the first safe one", "node_modules/a/node_modules/uuid", "11.1.1"],
    ["a later one, digit by digit smaller", "node_modules/a/node_modules/axios", "2.0.0"],
    ["an early one of a later version", "node_modules/a/node_modules/uuid", "12.0.0-beta.1"],
    ["a package whose name only ends so", "node_modules/@types/uuid", "1.0.0"],
    ["the project itself", "", "0.1.0"],
  ])("lets %s be", (_what, place, version) => {
    expect(tooOld({ packages: { ...lock.packages, [place]: { version, ...(place === "" ? { name: "ws" } : {}) } } })).toEqual([])
  })
})
