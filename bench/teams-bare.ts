// What botbuilder alone costs, in a process of its own: its CloudAdapter, which proves each activity's token, and an empty handler.
// usage: node bench/teams-bare.ts PLACES_AS_JSON; prints its port.
import type { AddressInfo } from "node:net"
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from "botbuilder"
import { AuthenticationConstants } from "botframework-connector"
import express from "express"
import type { Places } from "./teams-events.ts"

const { appId, tenant, endpoints } = JSON.parse(process.argv[2] ?? "") as Places

const adapter = new CloudAdapter(
  new ConfigurationBotFrameworkAuthentication({
    MicrosoftAppId: appId,
    MicrosoftAppPassword: "bench",
    MicrosoftAppType: "SingleTenant",
    MicrosoftAppTenantId: tenant,
    ToChannelFromBotLoginUrl: endpoints.loginUrl,
    ToChannelFromBotOAuthScope: AuthenticationConstants.ToChannelFromBotOAuthScope,
    ToBotFromChannelTokenIssuer: endpoints.tokenIssuer,
    ToBotFromChannelOpenIdMetadataUrl: endpoints.openIdMetadataUrl,
    ToBotFromEmulatorOpenIdMetadataUrl: endpoints.openIdMetadataUrl,
    OAuthUrl: AuthenticationConstants.OAuthUrl,
    CallerId: "",
  }),
)
const app = express()
app.use(express.json())
app.post("/api/messages", (request, response) => adapter.process(request, response, async () => {}))
const server = app.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
process.on("SIGTERM", () => process.exit(0))
