// The ways in which one request to Teams or to its identity provider goes wrong, by name.

/** `taken`: Teams did what was asked all the same. */
export type Trouble =
  | { kind: "status"; status: number; code: string | null; nested: boolean; retryAfter: string | null; taken: boolean }
  | { kind: "cut"; taken: boolean }
  | { kind: "hang"; taken: boolean }
  | { kind: "page" }
  | { kind: "elsewhere"; taken: boolean }

/** Codes that come with a status by themselves, as learn.microsoft.com lists them for messages of bots. */
const usual: Readonly<Record<number, string>> = {
  400: "BadSyntax",
  401: "BotNotRegistered",
  404: "ConversationNotFound",
  412: "PreconditionFailed",
  413: "MessageSizeTooBig",
  429: "Throttled",
  500: "ServiceError",
}

/**
 * `403:BotDisabledByUser`, `403:sub:MessageWritesBlocked` (the form in which the chat service behind says it), `404`, `429`, `429:30`
 * (Retry-After), `500:taken`, `cut_before`, `cut_after`, `hang`, `hang_after`, `page` (a web page with status 200), `elsewhere` (a redirect).
 * Of the token endpoint: `invalid_client`, `expired_secret`, `unknown_app`, and the same.
 */
export function troubleOf(name: string): Trouble {
  switch (name) {
    case "cut_before":
    case "cut_after":
      return { kind: "cut", taken: name === "cut_after" }
    case "hang":
    case "hang_after":
      return { kind: "hang", taken: name === "hang_after" }
    case "page":
      return { kind: "page" }
    case "elsewhere":
      return { kind: "elsewhere", taken: false }
    default: {
      const [status = "", ...rest] = name.split(":")
      if (!/^\d{3}$/.test(status)) throw new Error(`the loopback Teams knows no trouble ${name}`)
      const taken = rest.at(-1) === "taken"
      const said = taken ? rest.slice(0, -1) : rest
      const nested = said[0] === "sub"
      const isCode = /^[A-Z]/.test(said.at(-1) ?? "")
      return {
        kind: "status",
        status: Number(status),
        code: isCode ? (said.at(-1) ?? null) : (usual[Number(status)] ?? null),
        nested,
        retryAfter: !isCode && said.length > 0 ? said.join(":") : null,
        taken,
      }
    }
  }
}

/** What an error of Teams' says, in one of its two forms. */
export const errorBody = (code: string | null, nested = false): string =>
  nested
    ? JSON.stringify({
        errorCode: 209,
        message: `{\r\n  "subCode": "${code}",\r\n  "details": "Thread is blocked from message writes.",\r\n  "errorCode": null,\r\n  "errorSubCode": null\r\n}`,
      })
    : code === null
      ? ""
      : JSON.stringify({ error: { code, message: `Teams says ${code}.` } })

/** What Entra says when it gives no token. */
export const loginErrors: Readonly<Record<string, { status: number; error: string; code: number }>> = {
  invalid_client: { status: 401, error: "invalid_client", code: 7_000_215 },
  expired_secret: { status: 401, error: "invalid_client", code: 7_000_222 },
  unknown_app: { status: 400, error: "unauthorized_client", code: 700_016 },
}
