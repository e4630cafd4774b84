/** Whether a text from outside (a setting, a button, a link) has the shape of a row's id. What it names is checked against the rows. */
export const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
