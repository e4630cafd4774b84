import type { PlatformName } from "./account.ts"

/** How a person comes to their home page: it has a place of its own there, or it is asked for by typing `/home`. */
export type HomeOpens = "placed" | "typed"

/** Where it is not known yet which platform it will be, nothing is said of typing. */
export function homeOpens(on: PlatformName | undefined): HomeOpens {
  switch (on) {
    case "teams":
      return "typed"
    case "slack":
    case "playground":
    case undefined:
      return "placed"
    default:
      return on satisfies never
  }
}
