// What an activity tells of the device that it was written on: its zone and its language.
// Refuses to judge them: whoever uses a zone checks it.
import { type Body, textIn } from "../../src/platform/body.ts"
import { bodiesIn } from "./narrow.ts"

export type Device = { zone: string | null; language: string | null }

export function deviceIn(activity: Body): Device {
  const info = bodiesIn(activity, "entities").find((entity) => textIn(entity, "type")?.toLowerCase() === "clientinfo") ?? null
  return {
    zone: zoneIn(info, "timezone") ?? zoneIn(activity, "localTimezone"),
    language: languageIn(info, "locale") ?? languageIn(activity, "locale"),
  }
}

function zoneIn(of: Body | null, name: string): string | null {
  const zone = textIn(of, name)
  return zone !== null && /^[A-Z][\w+-]{1,30}(?:\/[\w+-]{1,30}){0,2}$/i.test(zone) ? zone : null
}

function languageIn(of: Body | null, name: string): string | null {
  const language = textIn(of, name)
  return language !== null && /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}$/i.test(language) ? language : null
}
