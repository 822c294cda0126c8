/** What accounts and domains sent within the hour, and who may not send for now. */
export const sending: string[] = []
