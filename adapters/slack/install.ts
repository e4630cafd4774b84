// Decides who may add the app to a workspace: whoever comes by a link that the school's own admin made. Refuses to keep anything itself.
import type { IncomingMessage, ServerResponse } from "node:http"
import { ErrorCode, type InstallationStore, InstallProvider } from "@slack/oauth"
import express, { type Router } from "express"
import type { Installs } from "../../src/platform/platform.ts"
import { type Access, clientOptions, organisationWide, type Report, silentLogger } from "./api.ts"
import { languageFrom, type PageName, page } from "./install-page.ts"
import { installPath, redirectPath } from "./paths.ts"
import { botScopes } from "./scopes.ts"

export type InstallOptions = {
  access: Extract<Access, { kind: "oauth" }>
  apiUrl: string | null
  timeoutMs: number
  installs: Installs
  report: Report
  /** A tenant's token is a new one. */
  kept: (tenant: string) => void
}

const mostLinkChars = 1_000

/** GET `installPath` with its link, and where Slack sends the admin back to. */
export function installRouter({ access, apiUrl, timeoutMs, installs, report, kept }: InstallOptions): Router {
  const router = express.Router()
  const provider = new InstallProvider({
    clientId: access.clientId,
    clientSecret: access.clientSecret,
    stateSecret: access.stateSecret,
    installationStore: keepsNothing,
    directInstall: true,
    logger: silentLogger(report),
    clientOptions: clientOptions({ apiUrl, timeoutMs, report }),
  })
  const redirectUri = `${access.publicUrl.replace(/\/$/, "")}${redirectPath}`

  router.get(installPath, async (request, response) => {
    const { link } = request.query
    if (typeof link !== "string" || link.length > mostLinkChars || !installs.invited(link)) {
      show(request, response, 403, "noLink")
      return
    }
    try {
      await provider.handleInstallPath(request, response, {}, { scopes: [...botScopes], redirectUri, metadata: link })
    } catch {
      report("slack_install_failed", { code: "no_authorize_url" })
      if (!response.headersSent) show(request, response, 500, "failed")
    }
  })

  router.get(redirectPath, async (request, response) => {
    await provider.handleCallback(request, response, {
      async afterInstallation(installation, { metadata: link }) {
        if (installation.isEnterpriseInstall === true) {
          report("slack_install_failed", { code: organisationWide })
          show(request, response, 409, "organisation")
          return false
        }
        const tenant = installation.team?.id
        if (tenant === undefined || installation.bot === undefined || link === undefined) {
          report("slack_install_failed", { code: "no_bot_token" })
          show(request, response, 502, "failed")
          return false
        }
        const came = await installs.keep(link, tenant, JSON.stringify(installation))
        switch (came) {
          case "kept":
            kept(tenant)
            report("slack_installed")
            show(request, response, 200, "kept")
            return false
          case "not_invited":
            report("slack_install_failed", { code: came })
            show(request, response, 403, "noLink")
            return false
          // The token is not taken back: Slack may have given out again the very one that the other school lives by.
          case "elsewhere":
            report("slack_install_failed", { code: came })
            show(request, response, 409, "elsewhere")
            return false
          default:
            return came satisfies never
        }
      },
      failure(error) {
        const why = reasons.get(error.code) ?? { status: 502, shown: "failed" }
        report("slack_install_failed", { code: error.code })
        if (!response.headersSent) show(request, response, why.status, why.shown)
      },
    })
  })

  return router
}

const reasons: ReadonlyMap<string, { status: number; shown: PageName }> = new Map([
  [ErrorCode.AuthorizationError, { status: 200, shown: "cancelled" }],
  [ErrorCode.InvalidStateError, { status: 400, shown: "again" }],
  [ErrorCode.MissingStateError, { status: 400, shown: "again" }],
  [ErrorCode.MissingCodeError, { status: 400, shown: "again" }],
] as const)

/** The core keeps installations; the SDK asks for a store all the same. */
const keepsNothing: InstallationStore = {
  storeInstallation: async () => undefined,
  fetchInstallation: () => Promise.reject(new Error("installations are kept elsewhere")),
}

function show(request: IncomingMessage, response: ServerResponse, status: number, name: PageName): void {
  const { html, language } = page(name, languageFrom(request.headers["accept-language"]))
  response.writeHead(status, { "content-type": "text/html; charset=utf-8", "content-language": language, "cache-control": "no-store" }).end(html)
}
