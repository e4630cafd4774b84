// The ways in which one call to Slack goes wrong, by name.

/** `taken`: Slack did what was asked all the same. */
export type Trouble =
  | { kind: "code"; code: string; taken: boolean }
  | { kind: "rate"; retryAfter: string | null }
  | { kind: "http"; status: number; taken: boolean }
  | { kind: "cut"; taken: boolean }
  | { kind: "hang"; taken: boolean }
  | { kind: "page" }

/**
 * `rate`, `rate:30`, `rate:soon`, `http:503`, `http:503:taken`, `cut_before`, `cut_after`, `hang`, `hang_after`, `page` (a web page with
 * status 200), `fatal_error:taken`; any other name is a code of Slack's.
 */
export function troubleOf(name: string): Trouble {
  const [first = "", second = "", third = ""] = name.split(":")
  switch (first) {
    case "rate":
      return { kind: "rate", retryAfter: name === "rate" ? null : name.slice("rate:".length) }
    case "http":
      return { kind: "http", status: Number(second), taken: third === "taken" }
    case "cut_before":
    case "cut_after":
      return { kind: "cut", taken: first === "cut_after" }
    case "hang":
    case "hang_after":
      return { kind: "hang", taken: first === "hang_after" }
    case "page":
      return { kind: "page" }
    default:
      return { kind: "code", code: first, taken: second === "taken" }
  }
}
