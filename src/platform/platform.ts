import type { Router } from "express"
import type { Account, Address, PlatformName, Profile, Receipt } from "./account.ts"
import type { Answer } from "./answer.ts"
import type { InboundEvent } from "./event.ts"
import type { Message } from "./message.ts"

export type Receive = (event: InboundEvent) => Promise<Answer>

export type Found = Receipt | "absent" | "unknowable"

/** What an adapter is. No optional methods, no capability flags, no vendor objects. */
export interface Platform {
  readonly name: PlatformName
  readonly router: Router
  /** Called once, before the router is asked anything; a connection of its own is opened here. */
  listen(receive: Receive): void
  /** Exactly one HTTP request; throws `DeliveryFailure`, nothing else. */
  send(to: Address, message: Message, deliveryId: string): Promise<Receipt>
  /** Opens a direct conversation; throws `DeliveryFailure`. */
  reach(account: Account): Promise<Address>
  /** Whether an uncertain send arrived; looks no further back than `since`. */
  find(to: Address, deliveryId: string, since: Date): Promise<Found>
  /** Everyone in the tenant; read in the background, after an import and nightly. Throws `DeliveryFailure`. */
  people(tenant: string): AsyncIterable<Profile>
  /** One account, when somebody unknown writes; null where the vendor does not know it. `route`: theirs, where one is kept. Throws `DeliveryFailure`. */
  profile(account: Account, route?: string): Promise<Profile | null>
  stop(): Promise<void>
}

/** Where an adapter keeps its own secrets; db implements it, sealed. */
export interface Tokens {
  get(tenant: string): Promise<string | null>
  put(tenant: string, token: string): Promise<void>
  /** Of a token that was kept at `before` or later nothing is deleted. */
  delete(tenant: string, before: Date): Promise<void>
}

/** What came of an installation by link: `elsewhere` is a workspace that belongs to another school already. */
export type Installed = "kept" | "not_invited" | "elsewhere"

/** A workspace is installed only by a link that the school's admin made; the core makes and checks it, and keeps the token. */
export interface Installs {
  invited(link: string): boolean
  keep(link: string, tenant: string, token: string): Promise<Installed>
}
