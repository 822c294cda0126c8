import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { type ClientConfig, encodeClientConfig } from './client-config.ts'
import { readXml } from './xml-reader.ts'

const host = 'mail.host.example'
const config: ClientConfig = {
  id: 'host.example',
  domain: 'example.org',
  mxDomain: 'host.example',
  displayName: 'Messagerie d’exemple',
  shortName: 'Exemple',
  servers: {
    imap: [{ host, port: 993, security: 'tls' }],
    pop3: [{ host, port: 995, security: 'tls' }],
    smtp: [
      { host, port: 465, security: 'tls' },
      { host, port: 587, security: 'starttls' },
    ],
  },
  documentation: {
    url: 'https://mail.host.example/aide?a=1&b=2',
    titles: { fr: 'Configurer la messagerie', en: 'Set up mail' },
  },
}

describe('config-v1.1.xml', () => {
  it('is this, to the byte', () => {
    expect(encodeClientConfig(config)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="host.example">
    <domain>example.org</domain>
    <domain purpose="mx">host.example</domain>
    <displayName>Messagerie d’exemple</displayName>
    <displayShortName>Exemple</displayShortName>
    <incomingServer type="imap">
      <hostname>mail.host.example</hostname>
      <port>993</port>
      <socketType>SSL</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
    <incomingServer type="pop3">
      <hostname>mail.host.example</hostname>
      <port>995</port>
      <socketType>SSL</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </incomingServer>
    <outgoingServer type="smtp">
      <hostname>mail.host.example</hostname>
      <port>465</port>
      <socketType>SSL</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </outgoingServer>
    <outgoingServer type="smtp">
      <hostname>mail.host.example</hostname>
      <port>587</port>
      <socketType>STARTTLS</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </outgoingServer>
    <documentation url="https://mail.host.example/aide?a=1&amp;b=2">
      <descr lang="fr">Configurer la messagerie</descr>
      <descr lang="en">Set up mail</descr>
    </documentation>
  </emailProvider>
</clientConfig>
`)
  })

  it('leaves out what is not offered', () => {
    const text = encodeClientConfig({
      ...config,
      mxDomain: null,
      documentation: null,
      servers: { ...config.servers, pop3: [] },
    })
    expect(text).not.toMatch(/pop3|purpose|documentation|\n\s*\n/)
    expect(readXml(text)?.at(-1)?.path).toEqual(['clientConfig'])
  })

  it.each([
    [61, 'x'.repeat(61), 60],
    [70, `${'é'.normalize('NFD').repeat(35)}`, 60],
    [80, '👩‍👩‍👧‍👦'.repeat(8), 55],
  ])('cuts a display name of %i characters to at most 60, between letters', (_, displayName, length) => {
    const [, name] = /<displayName>(.*)<\/displayName>/.exec(encodeClientConfig({ ...config, displayName })) ?? []
    expect(name).toHaveLength(length)
  })

  it('cuts the short name to 20 characters, without a space at the end', () => {
    expect(encodeClientConfig({ ...config, shortName: 'La grande messagerie de tous' })).toContain(
      '<displayShortName>La grande messagerie</displayShortName>',
    )
  })

  it('is well-formed XML whatever the name', () => {
    const displayName = `<&>"'\x00\x1b\ufffe\ud800]]>`
    const text = encodeClientConfig({ ...config, displayName })
    const name = readXml(text)?.find(({ path }) => path.at(-1) === 'displayName')?.text
    expect(name).toBe(`<&>"']]>`)
  })

  it.skipIf(spawnSync('python3', ['--version']).error)(
    'is read by another XML parser (skipped where python3 is not installed)',
    () => {
      const python = 'import sys, xml.dom.minidom as m; print(m.parse(sys.stdin.buffer).documentElement.tagName)'
      const input = encodeClientConfig({ ...config, displayName: `<&>"'\x00\ud800]]>` })
      expect(spawnSync('python3', ['-c', python], { input }).stdout.toString()).toBe('clientConfig\n')
    },
  )
})
