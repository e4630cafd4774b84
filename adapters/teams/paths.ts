/** Where Teams' connector calls this server, beneath the public address: what the Azure Bot resource is told. */
export const messagesPath = "/api/messages"
