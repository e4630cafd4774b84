// Decides what reaches the SDK at all: what Teams could have sent, from a tenant that is known, to be answered at an address of Teams'.
// Refuses with a status and an empty body, and asks nobody outside.
import type { Request, RequestHandler, Response } from "express"
import { type Body, bodyIn, isBody, textIn } from "../../src/platform/body.ts"
import { isTooDeep } from "./depth.ts"
import { entraIdIn, idIn } from "./narrow.ts"
import { allows, type ServiceUrls } from "./service-urls.ts"

export const mostBytes = 256 * 1024
/** What is sent beyond the most is read and thrown away, so that the refusal can be heard; past this the line is cut. */
const mostWasted = 8 * 1024 * 1024

export type GuardOptions = {
  /** No token is asked for, and whatever comes belongs to this tenant. */
  anonymous: { tenant: string } | null
  serviceUrls: ServiceUrls
  /** Asked of the core: whether the tenant belongs to a school. */
  knows: (tenant: string) => Promise<boolean>
  /** One code a refused request; nothing of what it said. */
  refusedWith: (status: number, why: string) => void
}

export type Refusal = { kind: "refused"; status: 400 | 401 | 403 | 405 | 413 | 415; why: string }

/** `authorization` is the header as it came, for the SDK; empty where no token is asked for. */
export type Passed = { kind: "passed"; activity: Body; tenant: string; authorization: string }

/** What takes a passed activity and answers it. What it throws is answered 500, empty. */
export type Take = (passed: Passed, response: Response) => Promise<void>

/** Mounted on the path itself, for all methods, with no parser before it. */
export function guard(options: GuardOptions, take: Take): RequestHandler {
  const refuse = (response: Response, { status, why }: Refusal): void => {
    options.refusedWith(status, why)
    if (!response.headersSent) response.status(status).end()
  }
  const pass = async (body: Buffer, request: Request, response: Response): Promise<void> => {
    try {
      const outcome = await checked(body, request.headers.authorization, options)
      if (outcome.kind === "refused") refuse(response, outcome)
      else await take(outcome, response)
    } catch {
      if (response.headersSent) response.end()
      else response.status(500).end()
    }
  }
  return (request, response) => {
    const refusal = unreadable(request)
    if (refusal !== null) {
      waste(request)
      if (refusal.status === 405) response.set("Allow", "POST")
      refuse(response, refusal)
      return
    }
    read(request, {
      whole: (body) => void pass(body, request, response),
      tooLarge: () => refuse(response, refused(413, "too_large")),
    })
  }
}

/** What the head of a request says against reading on. Nothing is unpacked: Teams packs nothing, and a small bomb is a large body. */
function unreadable({ method, headers }: Request): Refusal | null {
  if (method !== "POST") return refused(405, "not_posted")
  if (Number(headers["content-length"] ?? 0) > mostBytes) return refused(413, "too_large")
  if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity") return refused(415, "encoded")
  return /^application\/json\s*(?:;|$)/i.test(headers["content-type"] ?? "") ? null : refused(415, "not_json")
}

function read(request: Request, { whole, tooLarge }: { whole: (body: Buffer) => void; tooLarge: () => void }): void {
  const chunks: Buffer[] = []
  let bytes = 0
  const keep = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes <= mostBytes) {
      chunks.push(chunk)
      return
    }
    chunks.length = 0
    request.off("data", keep)
    request.off("end", end)
    waste(request)
    tooLarge()
  }
  const end = (): void => whole(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks))
  request.on("data", keep)
  request.once("end", end)
  // Whoever goes away in the middle hears nothing, and is nobody's failure.
  request.once("error", () => undefined)
}

function waste(request: Request): void {
  let bytes = 0
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > mostWasted) request.socket.destroy()
  })
  request.once("error", () => undefined)
}

/** Every check but that of the size; the first that fails decides. */
export async function checked(
  body: Buffer,
  authorization: string | undefined,
  { anonymous, serviceUrls, knows }: Omit<GuardOptions, "refusedWith">,
): Promise<Passed | Refusal> {
  const sent = activityIn(body)
  if (sent === null) return refused(400, "unreadable")
  if (anonymous === null && !/^Bearer [\w.~+/=-]+$/i.test(authorization ?? "")) return refused(401, "no_bearer")
  const activity = anonymous === null ? sent : ofTenant(sent, anonymous.tenant)
  const why = lacking(activity)
  if (why !== null) return refused(400, why)
  if (textIn(activity, "channelId") !== "msteams") return refused(403, "foreign_channel")
  if (!allows(serviceUrls, textIn(activity, "serviceUrl") ?? "")) return refused(403, "foreign_service_url")
  const [tenant, ...others] = tenantsIn(activity)
  if (tenant === undefined || others.length > 0 || !(await knows(tenant))) return refused(403, "foreign_tenant")
  return { kind: "passed", activity, tenant, authorization: anonymous === null ? (authorization ?? "") : "" }
}

const refused = (status: Refusal["status"], why: string): Refusal => ({ kind: "refused", status, why })

function activityIn(body: Buffer): Body | null {
  if (isTooDeep(body)) return null
  try {
    const value: unknown = JSON.parse(body.toString("utf8"))
    return isBody(value) ? value : null
  } catch {
    return null
  }
}

/** A local client makes up a tenant of its own; whoever is written to is of ours. */
const ofTenant = (activity: Body, tenant: string): Body => {
  const conversation = bodyIn(activity, "conversation")
  const channelData = bodyIn(activity, "channelData")
  return {
    ...activity,
    ...(conversation === null ? {} : { conversation: { ...conversation, tenantId: tenant } }),
    ...(channelData === null ? {} : { channelData: { ...channelData, tenant: { id: tenant } } }),
  }
}

/** Kinds that are nothing without an id of their own: it is what they are told apart by, or what they speak of. */
const named: ReadonlySet<string> = new Set(["message", "invoke", "messageUpdate", "messageDelete"])

/** The first thing that every activity of Teams' has and this one has not. */
function lacking(activity: Body): string | null {
  const type = textIn(activity, "type")
  if (type === null || !/^\w{1,64}$/.test(type)) return "no_type"
  if (named.has(type) && idIn(activity, "id") === null) return "no_id"
  if (textIn(activity, "channelId") === null) return "no_channel"
  if (textIn(activity, "serviceUrl") === null) return "no_service_url"
  for (const name of ["from", "conversation", "recipient"]) if (idIn(bodyIn(activity, name), "id") === null) return `no_${name}`
  return tenantsIn(activity).length === 0 ? "no_tenant" : null
}

/** Teams says the tenant in two places, or in one of them; somebody who is a guest from elsewhere would make it two tenants. */
function tenantsIn(activity: Body): readonly string[] {
  const said = [entraIdIn(bodyIn(activity, "conversation"), "tenantId"), entraIdIn(bodyIn(bodyIn(activity, "channelData"), "tenant"), "id")]
  return [...new Set(said)].filter((tenant) => tenant !== null)
}
