/** Autodiscover v2: one question by URL, answered with the URL of the plain old XML. There is nothing else to find here. */

export interface AutodiscoverJson {
  status: 200 | 400
  /** JSON text. */
  body: string
}

/** `protocol`: as the client wrote it; null or empty where it asked for none. `url`: where `AutodiscoverV1` is. */
export function answerAutodiscoverJson(protocol: string | null, url: string): AutodiscoverJson {
  if (!protocol)
    return refusal('MandatoryParameterMissing', "A valid value must be provided for the query parameter 'Protocol'")
  if (protocol.toLowerCase() !== 'autodiscoverv1')
    return refusal(
      'InvalidProtocol',
      `The given protocol value '${protocol.slice(0, 40)}' is invalid. Supported values are 'AutodiscoverV1'`,
    )
  return { status: 200, body: JSON.stringify({ Protocol: 'AutodiscoverV1', Url: url }) }
}

function refusal(ErrorCode: string, ErrorMessage: string): AutodiscoverJson {
  return { status: 400, body: JSON.stringify({ ErrorCode, ErrorMessage }) }
}
