// Compile-only: every member of the SDK of Teams that adapters/teams relies on, in the shape that it relies on.
// A newer SDK without one of them, or the SDK's successor in its place, fails here by name, before anything runs.
import type { Activity, Channels, ConfigurationBotFrameworkAuthentication, ConversationParameters } from "botbuilder"
import type {
  AuthenticationConstants,
  BotFrameworkAuthentication,
  ClaimsIdentity,
  ConnectorClient,
  ConnectorClientOptions,
  JwtTokenProviderFactory,
  ManagedIdentityAppCredentials,
  ServiceClientCredentialsFactory,
} from "botframework-connector"
import type { JwtTokenExtractor } from "botframework-connector/lib/auth/jwtTokenExtractor.js"

/** A member as it is, which must be of the shape that is asked. */
type Member<Is extends Asked, Asked> = Is

type Key = { key: string; endorsements?: string[] }
type HttpClient = NonNullable<ConnectorClientOptions["httpClient"]>
type HttpRequest = Parameters<HttpClient["sendRequest"]>[0]
type HttpResponse = Awaited<ReturnType<HttpClient["sendRequest"]>>
type HttpHeaders = HttpRequest["headers"]
type Credentials = Awaited<ReturnType<ServiceClientCredentialsFactory["createCredentials"]>>
type Constants = typeof AuthenticationConstants

/** Who calls us. */
export type Proving = [
  Member<BotFrameworkAuthentication["authenticateRequest"], (activity: Activity, authorization: string) => Promise<object>>,
  Member<
    typeof JwtTokenExtractor,
    new (
      parameters: { issuer: string[] },
      metadataUrl: string,
      algorithms: Constants["AllowedSigningAlgorithms"],
    ) => JwtTokenExtractor
  >,
  Member<JwtTokenExtractor["openIdMetadata"]["getKey"], (kid: string) => Promise<Key | null>>,
  Member<Constants["AllowedSigningAlgorithms"], string[]>,
  Member<Constants["ServiceUrlClaim"], string>,
  Member<(typeof Channels)["Msteams"], string>,
  Member<Constants["ToBotFromChannelTokenIssuer"], string>,
  Member<Constants["ToBotFromChannelOpenIdMetadataUrl"], string>,
]

/** Whom we call, and over which wire. */
export type Calling = [
  Member<
    typeof ConfigurationBotFrameworkAuthentication,
    new (
      places: {
        ToChannelFromBotLoginUrl?: string
        ToChannelFromBotOAuthScope?: string
        ToBotFromChannelTokenIssuer?: string
        ToBotFromChannelOpenIdMetadataUrl?: string
        ToBotFromEmulatorOpenIdMetadataUrl?: string
        OAuthUrl?: string
        CallerId?: string
      },
      credentials: ServiceClientCredentialsFactory,
      configuration: undefined,
      fetch: undefined,
      options: { httpClient: HttpClient },
    ) => BotFrameworkAuthentication
  >,
  Member<
    BotFrameworkAuthentication["createConnectorFactory"],
    (identity: ClaimsIdentity) => { create(serviceUrl: string, audience: string): Promise<ConnectorClient> }
  >,
  Member<typeof ClaimsIdentity, new (claims: { type: string; value: string }[]) => ClaimsIdentity>,
  Member<ServiceClientCredentialsFactory["isValidAppId"], (appId: string) => Promise<boolean>>,
  Member<ServiceClientCredentialsFactory["isAuthenticationDisabled"], () => Promise<boolean>>,
  Member<Credentials["signRequest"], (request: HttpRequest) => Promise<HttpRequest>>,
  Member<Constants["AudienceClaim"], string>,
  Member<Constants["OAuthUrl"], string>,
  Member<Constants["ToChannelFromBotOAuthScope"], string>,
  Member<HttpRequest["method" | "url"], string>,
  Member<HttpHeaders["rawHeaders"], () => Record<string, string>>,
  Member<HttpHeaders["headersArray"], () => { name: string }[]>,
  Member<HttpHeaders["clone"], () => HttpHeaders>,
  Member<HttpHeaders["set"], (name: string, value: string) => void>,
  Member<HttpHeaders["remove"], (name: string) => boolean>,
  Member<HttpResponse["status"], number>,
  Member<HttpResponse["request"], HttpRequest>,
  Member<NonNullable<HttpResponse["bodyAsText"]>, string>,
]

/** What we say there. */
export type Saying = [
  Member<ConnectorClient["conversations"]["sendToConversation"], (conversationId: string, activity: Partial<Activity>) => Promise<{ id?: string }>>,
  Member<
    ConnectorClient["conversations"]["updateActivity"],
    (conversationId: string, activityId: string, activity: Partial<Activity>) => Promise<object>
  >,
  Member<ConnectorClient["conversations"]["createConversation"], (asked: ConversationParameters) => Promise<{ id?: string }>>,
  Member<ConnectorClient["conversations"]["getConversationMember"], (conversationId: string, user: string) => Promise<object>>,
]

/** By which token, where a machine has an identity of its own. */
export type Ourselves = [
  Member<typeof JwtTokenProviderFactory, new () => JwtTokenProviderFactory>,
  Member<typeof ManagedIdentityAppCredentials, new (appId: string, scope: string, factory: JwtTokenProviderFactory) => ManagedIdentityAppCredentials>,
  Member<ManagedIdentityAppCredentials["getToken"], () => Promise<string>>,
  Member<Constants["ToChannelFromBotLoginUrlPrefix"], string>,
  Member<Constants["DefaultChannelAuthTenant"], string>,
]
