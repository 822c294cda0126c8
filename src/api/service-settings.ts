/** /service/settings: what staff set for the whole service. The catalogue says what there is; the panel's form is made of it. */
import Type, { type Static, type TSchema } from 'typebox'
import { catalogue, type ServiceSettingsValues, settingKeys } from '../accounts/service-settings/catalogue.ts'
import type { SettingShape } from '../accounts/service-settings/kinds.ts'
import { SERVER_CHOICES, SERVER_DOMAINS, SERVER_NAME_CHARACTERS } from '../accounts/service-settings/limits.ts'
import type { Language } from '../store/types/principals.ts'
import { SETTINGS_BYTES } from './limits.ts'
import { unbroken } from './problem-text.ts'
import { type Route, route, staff } from './route.ts'
import { Address, DomainName, Nullable } from './schemas.ts'
import type { ApiServices } from './services.ts'

const ServerChoiceSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: SERVER_NAME_CHARACTERS }),
    url: Type.String({
      minLength: 1,
      maxLength: 300,
      description: 'https:// and the host, with its port where it is not 443',
    }),
    domains: Type.Array(DomainName, { maxItems: SERVER_DOMAINS }),
  },
  { additionalProperties: false },
)

const SettingSchema = Type.Object({
  key: Type.String(),
  group: Type.String(),
  title: Type.String(),
  text: Type.String(),
  type: Type.Enum(['text', 'address', 'host', 'flag', 'servers', 'choice', 'number']),
  isOptional: Type.Boolean({ description: 'Whether it may be empty' }),
  maxCharacters: Type.Optional(Type.Integer()),
  choices: Type.Optional(Type.Array(Type.String())),
  minimum: Type.Optional(Type.Integer()),
  maximum: Type.Optional(Type.Integer()),
  unit: Type.Optional(Type.String()),
  value: Type.Unknown(),
  default: Type.Unknown(),
})

const SettingsSchema = Type.Object({ items: Type.Array(SettingSchema) })

export type SettingsAnswer = Static<typeof SettingsSchema>
export type SettingAnswer = Static<typeof SettingSchema>

const ChangesSchema = Type.Object(
  Object.fromEntries(
    settingKeys.map(key => {
      const { kind, doc } = catalogue[key]
      return [key, Type.Optional(Nullable(schemaOf(kind.shape, doc.en.join('. '))))]
    }),
  ),
  { additionalProperties: false, minProperties: 1, description: 'null: back to the default' },
)

export function serviceSettingsRoutes({ settings }: ApiServices): Route[] {
  return [
    route({
      method: 'GET',
      path: '/service/settings',
      operationId: 'listServiceSettings',
      summary: 'Settings of the service, with what each takes and what it is for',
      tag: 'service',
      access: staff,
      scope: 'service:read',
      response: SettingsSchema,
      handle: async ({ language }) => listed(await settings.current(), language),
    }),
    route({
      method: 'PATCH',
      path: '/service/settings',
      operationId: 'updateServiceSettings',
      summary: 'Changes settings of the service; all that are given, or none',
      tag: 'service',
      access: staff,
      scope: 'service:write',
      bodyLimit: SETTINGS_BYTES,
      body: ChangesSchema,
      response: SettingsSchema,
      handle: async ({ actor, body, language }) => listed(await settings.change(actor, body), language),
    }),
  ]
}

function listed(values: ServiceSettingsValues, language: Language) {
  return {
    items: settingKeys.map(key => {
      const { group, kind, fallback, doc } = catalogue[key]
      const [title, text] = language === 'fr' ? [unbroken(doc.fr[0]), unbroken(doc.fr[1])] : doc.en
      return { key, group, title, text, ...withoutConst(kind.shape), value: values[key], default: fallback }
    }),
  }
}

function withoutConst(shape: SettingShape) {
  return shape.type === 'choice' ? { ...shape, choices: [...shape.choices] } : shape
}

function schemaOf(shape: SettingShape, description: string): TSchema {
  switch (shape.type) {
    case 'text':
      return Type.String({ maxLength: shape.maxCharacters, description })
    case 'address':
      return { ...Address, minLength: 0, description }
    case 'host':
      return Type.String({ maxLength: 253, description })
    case 'flag':
      return Type.Boolean({ description })
    case 'choice':
      return Type.Enum([...shape.choices], { description })
    case 'number':
      return Type.Integer({ minimum: shape.minimum, maximum: shape.maximum, description })
    case 'servers':
      return Type.Array(ServerChoiceSchema, { maxItems: SERVER_CHOICES, description })
  }
}
