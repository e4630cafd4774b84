// Why a call to Teams failed, in the port's five reasons.
// Refuses to guess for a status it does not know: our message is then at fault, and the code is the detail.

import { type Body, bodyIn, isBody, listIn, textIn } from "../../src/platform/body.ts"
import { DeliveryFailure, type Failure } from "../../src/platform/failure.ts"
import type { Heard } from "./wire.ts"

/** Codes of a 403 that speak of one person and not of the app: who removed or blocked it, or never had it. */
export const ofOnePerson: readonly string[] = [
  ...["BotDisabledByUser", "MessageWritesBlocked", "BotNotInConversationRoster", "ConversationBlockedByUser", "ForbiddenOperationException"],
]

/** Codes of a 403 that speak of the app in the whole tenant. */
const ofWholeTenant: readonly string[] = ["BotDisabledByAdmin", "InvalidBotApiHost", "NotEnoughPermissions"]

/** What the error of a call comes to; `detail` is a code of Teams' or one of ours, never words out of a response. */
export const failureOf = (error: unknown): Failure =>
  error instanceof DeliveryFailure ? error.failure : { reason: "uncertain", detail: "unknown_error" }

/**
 * What an answer of the connector's that is no 2xx comes to. `now` is for a Retry-After that names a time. `isOpening`: what was asked for is a
 * conversation with one person.
 */
export function refusalOf({ status, headers, text }: Heard, now: Date, isOpening = false): Failure {
  const body = bodyOf(text)
  const detail = codeIn(body) ?? `http_${status}`
  if (status === 429 || status === 412) return busy(headers["retry-after"], now, 1)
  if (status === 401) return { reason: "denied", detail }
  if (status === 404) return { reason: "unreachable", detail, ...(isOpening ? {} : { lost: true }) }
  if (status === 403) return forbidden(text, detail, isOpening)
  return { reason: status >= 400 && status < 500 && status !== 408 ? "invalid" : "uncertain", detail }
}

/**
 * The code stands where it may; some answers hold it as JSON within the error's message, or at its beginning. Of somebody who has not the app Teams
 * says so in words, with one code or another, or says nothing at all: one person's answer must not stop a school.
 */
function forbidden(text: string, detail: string, isOpening: boolean): Failure {
  if (/not installed in user's personal scope/i.test(text)) return { reason: "unreachable", detail: "not_installed" }
  const code = [detail, ...(text.match(/\w+/g) ?? [])].find((word) => ofOnePerson.includes(word))
  if (code !== undefined) return { reason: "unreachable", detail: code }
  return { reason: isOpening && !ofWholeTenant.includes(detail) ? "unreachable" : "denied", detail }
}

/** What an answer of the identity provider's that is no token comes to. Nothing was sent to anybody then: there is never doubt. */
export function loginRefusalOf({ status, headers, text }: Heard, now: Date): Failure {
  const body = bodyOf(text)
  if (status === 429 || status >= 500 || status === 408) return busy(headers["retry-after"], now, 30)
  const [number] = listIn(body, "error_codes")
  if (typeof number === "number" && Number.isSafeInteger(number)) return { reason: "denied", detail: `AADSTS${number}` }
  return { reason: "denied", detail: plainCode(textIn(body, "error")) ?? `login_http_${status}` }
}

function bodyOf(text: string): Body | null {
  try {
    const value: unknown = JSON.parse(text)
    return isBody(value) ? value : null
  } catch {
    return null
  }
}

function codeIn(body: Body | null): string | null {
  const error = bodyIn(body, "error")
  const codes = [textIn(bodyIn(error, "innererror"), "code"), textIn(error, "subCode"), textIn(error, "code"), textIn(body, "errorCode")]
  return codes.map(plainCode).find((code) => code !== null) ?? null
}

/** A gateway's page or sentence is no code, and neither is a status that is said a second time. */
const plainCode = (code: string | null): string | null => (code !== null && /^[A-Za-z]\w{0,79}$/.test(code) ? code : null)

const mostSeconds = 3_600

/** Retry-After in seconds or as a time, believed up to an hour. */
function busy(retryAfter: string | undefined, now: Date, usualSeconds: number): Failure {
  const said = retryAfter ?? ""
  const seconds = /^\d{1,9}(?:\.\d{1,9})?$/.test(said) ? Number(said) : (Date.parse(said) - now.getTime()) / 1_000
  return { reason: "busy", retryAfterMs: Math.round(Math.min(seconds > 0 ? seconds : usualSeconds, mostSeconds) * 1_000) }
}
