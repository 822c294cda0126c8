/** What DNS says of this host and its domains, as other mail servers will ask it. */
import { Resolver } from 'node:dns/promises'
import type { Finding } from './check.ts'

export type DnsQuestions = Pick<Resolver, 'resolve4' | 'resolve6' | 'reverse' | 'resolveMx' | 'resolveTxt'>

/** A check is looked at by a person who waits. */
const TIMEOUT_MS = 2_000
const TRIES = 2
/** Domains asked about at once. */
const AT_ONCE = 20

/** `servers`: none for the system's. */
export function questionsTo(servers: readonly string[]): DnsQuestions {
  const dns = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES })
  if (servers.length > 0) dns.setServers(servers)
  return dns
}

/** `mxHost`: where mail of the domains is to be brought, which may be a load balancer's name. */
export async function checkDns(
  dns: DnsQuestions,
  hostname: string,
  mxHost: string,
  domains: readonly string[],
): Promise<Finding[]> {
  const findings = await checkHost(dns, hostname)
  const waiting = [...domains]
  const byDomain = new Map<string, Finding[]>()
  const work = async (): Promise<void> => {
    for (let domain = waiting.shift(); domain !== undefined; domain = waiting.shift())
      byDomain.set(domain, await checkDomain(dns, domain, mxHost))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return [...findings, ...domains.flatMap(domain => byDomain.get(domain) ?? [])]
}

const say = (level: Finding['level'], text: string): Finding => ({ area: 'DNS', level, text })

async function checkHost(dns: DnsQuestions, hostname: string): Promise<Finding[]> {
  if (!hostname.includes('.'))
    return [
      say(
        'problem',
        `"${hostname}" is not a fully qualified host name: set hostname to the one this machine has in DNS, such as mail.example.org`,
      ),
    ]
  const [v4, v6] = await Promise.all([ask(() => dns.resolve4(hostname)), ask(() => dns.resolve6(hostname))])
  const addresses = [...(v4.records ?? []), ...(v6.records ?? [])]
  if (addresses.length === 0)
    return [
      v4.failed
        ? failed(hostname, 'A', v4.failed)
        : say('problem', `${hostname} has no A or AAAA record: add one with the address of this machine`),
    ]
  const findings = [say('ok', `${hostname} has the address ${addresses.join(', ')}`)]
  for (const address of addresses) {
    const { records, failed: problem } = await ask(() => dns.reverse(address))
    const names = (records ?? []).map(normal)
    if (problem) findings.push(failed(address, 'PTR', problem))
    else if (names.includes(hostname)) findings.push(say('ok', `${address} leads back to ${hostname}`))
    else
      findings.push(
        say(
          'problem',
          `${address} leads back to ${names.join(', ') || 'no name'}, not to ${hostname}: many servers refuse mail then; ask whoever gave you the address to set its PTR record`,
        ),
      )
  }
  return findings
}

async function checkDomain(dns: DnsQuestions, domain: string, mxHost: string): Promise<Finding[]> {
  const [mx, txt] = await Promise.all([ask(() => dns.resolveMx(domain)), ask(() => dns.resolveTxt(domain))])
  const hosts = (mx.records ?? []).map(({ exchange }) => normal(exchange))
  const findings: Finding[] = []
  if (mx.failed) findings.push(failed(domain, 'MX', mx.failed))
  else if (hosts.includes(mxHost)) findings.push(say('ok', `mail for ${domain} comes to ${mxHost}`))
  else if (hosts.length > 0)
    findings.push(
      say(
        'problem',
        `mail for ${domain} goes to ${hosts.map(host => host || 'nobody (null MX)').join(', ')}: add the record "${domain}. MX 10 ${mxHost}."`,
      ),
    )
  else findings.push(say('problem', `${domain} has no MX record: add "${domain}. MX 10 ${mxHost}."`))

  const policies = (txt.records ?? []).map(parts => parts.join('')).filter(text => /^v=spf1(?: |$)/i.test(text))
  if (txt.failed) findings.push(failed(domain, 'TXT', txt.failed))
  else if (policies.length === 0)
    findings.push(
      say(
        'warning',
        `${domain} has no SPF record: add "${domain}. TXT 'v=spf1 mx -all'" where mail of it comes from this server alone`,
      ),
    )
  // RFC 7208 §4.5: more than one is a permanent error.
  else if (policies.length > 1)
    findings.push(say('problem', `${domain} has ${policies.length} SPF records: make one of them`))
  else findings.push(say('ok', `${domain} has an SPF record`))
  return findings
}

const failed = (name: string, type: string, code: string): Finding =>
  say(
    'warning',
    `the ${type} record of ${name} could not be looked up (${code}): look at dns.servers, or ask again later`,
  )

const normal = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** No records is an answer; a server that doesn't answer is none. */
async function ask<T>(question: () => Promise<T[]>): Promise<{ records?: T[]; failed?: string }> {
  try {
    return { records: await question() }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    return code === 'ENOTFOUND' || code === 'ENODATA' ? { records: [] } : { failed: code }
  }
}
