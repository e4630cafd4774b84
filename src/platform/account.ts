// The port: what every chat platform is to the core, in the core's own words.
// Decides how an account, an address and a receipt are named; refuses to know any vendor.

export const platformNames = ["slack", "teams", "playground"] as const
export type PlatformName = (typeof platformNames)[number]

/** One person's login at one vendor. `tenant` is a Slack team, an Entra tenant or the playground's own name. */
export type Account = { platform: PlatformName; tenant: string; user: string }

/** Where to write to an account. `route` is made and read by the adapter only; it survives JSON and a restart. */
export type Address = { account: Account; route: string }

/** Proof that the vendor took a message. */
export type Receipt = { address: Address; messageId: string }

/** What a vendor says of an account; `email` only where the vendor itself verified it. */
export type Profile = {
  account: Account
  email: string | null
  zone: string | null
  language: string | null
  guest: boolean
}

/** A workspace is one tenant at one vendor; its lane sends its deliveries. */
export type Workspace = { platform: PlatformName; tenant: string }
