// The zip that an administrator uploads to Teams. The same app is the same bytes, on any machine and in any zone.
import { strToU8, zipSync } from "fflate"
import { colorPng, outlinePng } from "./icons.ts"
import { colorIcon, languageFile, localization, outlineIcon, type TeamsManifestInput, teamsManifest } from "./manifest.ts"

export function teamsPackage(input: TeamsManifestInput): Uint8Array {
  const [, ...others] = input.languages
  const files = {
    "manifest.json": json(teamsManifest(input)),
    [colorIcon]: colorPng(),
    [outlineIcon]: outlinePng(),
    ...Object.fromEntries(others.map(({ tag, words }) => [languageFile(tag), json(localization(words))])),
  }
  // A zip knows no zone: fflate writes the local hour, so it is given one. The year is the first that a zip can name.
  return zipSync(files, { level: 9, mtime: new Date(1980, 0, 1, 12) })
}

const json = (value: object): Uint8Array => strToU8(`${JSON.stringify(value, null, 2)}\n`)
