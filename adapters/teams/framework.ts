// The SDK put together: what checks who calls us, and the clients that call Teams, over our own wire and with our own token.
// Refuses its retries: what is no success leaves the wire as a failure, which nothing in the SDK tries again.
import { ConfigurationBotFrameworkAuthentication } from "botbuilder"
import {
  AuthenticationConstants,
  type BotFrameworkAuthentication,
  ClaimsIdentity,
  type ConnectorClient,
  type ConnectorClientOptions,
  type ServiceClientCredentialsFactory,
} from "botframework-connector"
import { DeliveryFailure, type Failure } from "../../src/platform/failure.ts"
import type { App, AppToken } from "./app-token.ts"
import { refusalOf } from "./failures.ts"
import { exchange, type Heard } from "./wire.ts"

/** Where a loopback vendor listens; Microsoft's own places are the SDK's. `serviceUrls` are prefixes that may be written to besides. */
export type Endpoints = { loginUrl: string; openIdMetadataUrl: string; tokenIssuer: string; serviceUrls: readonly string[] }

export type Framework = {
  authentication: BotFrameworkAuthentication
  /** The client for one of Teams' addresses, made once. */
  clientAt(serviceUrl: string): Promise<ConnectorClient>
}

export type FrameworkOptions = { app: App; endpoints: Endpoints | null; appToken: AppToken; now: () => Date; timeoutMs: number }

const mostClients = 200

export function openFramework({ app, endpoints, appToken, now, timeoutMs }: FrameworkOptions): Framework {
  const appId = app.kind === "registered" ? app.appId : ""
  const credentials: ServiceClientCredentialsFactory = {
    isValidAppId: async (id) => id === appId,
    isAuthenticationDisabled: async () => app.kind === "anonymous",
    createCredentials: async () => ({
      signRequest: async (request) => {
        const token = await appToken.get()
        if (token !== null) request.headers.set("authorization", `Bearer ${token}`)
        return request
      },
    }),
  }
  const httpClient = wireClient({ appToken, now, timeoutMs })
  const authentication = new ConfigurationBotFrameworkAuthentication(placesOf(endpoints), credentials, undefined, undefined, { httpClient })
  const identity = new ClaimsIdentity(appId === "" ? [] : [{ type: AuthenticationConstants.AudienceClaim, value: appId }])
  const factory = authentication.createConnectorFactory(identity)
  const clients = new Map<string, Promise<ConnectorClient>>()
  return {
    authentication,
    clientAt(serviceUrl) {
      const known = clients.get(serviceUrl)
      if (known) return known
      const [oldest] = clients.keys()
      if (clients.size >= mostClients && oldest !== undefined) clients.delete(oldest)
      const made = factory.create(serviceUrl, AuthenticationConstants.ToChannelFromBotOAuthScope)
      clients.set(serviceUrl, made)
      return made
    },
  }
}

/** The SDK takes either no place of its own or all of them. */
const placesOf = (endpoints: Endpoints | null) =>
  endpoints === null
    ? {}
    : {
        ToChannelFromBotLoginUrl: endpoints.loginUrl,
        ToChannelFromBotOAuthScope: AuthenticationConstants.ToChannelFromBotOAuthScope,
        ToBotFromChannelTokenIssuer: endpoints.tokenIssuer,
        ToBotFromChannelOpenIdMetadataUrl: endpoints.openIdMetadataUrl,
        ToBotFromEmulatorOpenIdMetadataUrl: endpoints.openIdMetadataUrl,
        OAuthUrl: AuthenticationConstants.OAuthUrl,
        CallerId: "",
      }

type HttpClient = NonNullable<ConnectorClientOptions["httpClient"]>

/** One request. An answer that is no success is thrown as a failure: the SDK would send the request again by itself. */
const wireClient = ({ appToken, now, timeoutMs }: Pick<FrameworkOptions, "appToken" | "now" | "timeoutMs">): HttpClient => ({
  async sendRequest(request) {
    const heard = await exchange({
      method: request.method,
      url: request.url,
      // Nothing here unpacks an answer, and none is large.
      headers: { ...request.headers.rawHeaders(), "accept-encoding": "identity" },
      body: typeof request.body === "string" ? request.body : null,
      timeoutMs,
    })
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "") ?? ""
    if (heard.status !== 401) appToken.taken(token)
    else if (!appToken.refused(token)) throw new DeliveryFailure(askAgain)
    if (heard.status < 200 || heard.status >= 300) throw new DeliveryFailure(refusalOf(heard, now(), isOpening(request)))
    const headers = request.headers.clone()
    for (const { name } of headers.headersArray()) headers.remove(name)
    headers.set("content-type", "application/json")
    return { request, status: heard.status, headers, bodyAsText: readable(heard) }
  },
})

/** An old token was refused, and nothing was done: with a new one it is known whether the app is. */
const askAgain: Failure = { reason: "busy", retryAfterMs: 1_000 }

const isOpening = ({ method, url }: { method: string; url: string }): boolean => method === "POST" && url.endsWith("/v3/conversations")

/** A success that cannot be read is a success that says nothing: the SDK would make an error of it. */
function readable({ text }: Heard): string {
  try {
    JSON.parse(text)
    return text
  } catch {
    return ""
  }
}
