// What an admin does about a refusal of Teams', or of the identity provider that it asks: one sentence a code, naming the variable or the page.
import type { Failure } from "../platform/failure.ts"
import { many } from "./print.ts"

const secretPage = 'the app registration\'s page "Certificates & secrets"'

export function teamsRefusalSays(failure: Failure): string {
  if (failure.reason === "busy")
    return `Microsoft does not answer, or asks us to wait: try again in ${many(Math.ceil(failure.retryAfterMs / 1_000), "second")}, and look whether this machine reaches https://login.microsoftonline.com.`
  const { detail } = failure
  switch (detail) {
    case "AADSTS7000215":
    case "invalid_client":
      return `Microsoft does not know this password (${detail}): copy the "Value" of a client secret, not its id, from ${secretPage} and correct MicrosoftAppPassword.`
    case "AADSTS7000222":
      return `The password has run out (${detail}): make a new client secret on ${secretPage}, set MicrosoftAppPassword to its "Value", and start Rapport again.`
    case "AADSTS700016":
    case "unauthorized_client":
      return `There is no such app in this tenant (${detail}): compare MicrosoftAppId and MicrosoftAppTenantId with the app registration's page "Overview".`
    case "AADSTS90002":
    case "AADSTS900023":
      return `There is no such tenant (${detail}): copy "Directory (tenant) ID" from the app registration's page "Overview" and correct MicrosoftAppTenantId.`
    case "no_managed_identity":
      return `This machine has no such managed identity (${detail}): give it to the machine in the Azure portal, or use a password (MicrosoftAppType=SingleTenant).`
    case "http_401":
    case "http_403":
    case "Unauthorized":
      return `Teams does not let this app in (${detail}): look whether the Azure Bot has the channel "Microsoft Teams", and whether its app is MicrosoftAppId.`
    default:
      return `Microsoft refuses (${detail}): https://learn.microsoft.com/entra/identity-platform/reference-error-codes says what it means.`
  }
}
