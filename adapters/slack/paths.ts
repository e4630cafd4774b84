/** What is served, beneath the public address. Slack is told of the first and the last; an admin's link leads to the second. */
export const eventsPath = "/slack/events"
export const installPath = "/slack/install"
export const redirectPath = "/slack/oauth_redirect"
